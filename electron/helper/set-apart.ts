import { parseCpuList } from '../../shared/host/cpu-list.ts'
import type { System } from '../../shared/host/system.ts'
import type { VmDefinition, VmPinning } from '../../shared/vm/vm.ts'

/** Everything of a host that is not a VM or a container (systemd.special(7)). */
const OTHERS = ['init.scope', 'system.slice', 'user.slice']
/** Beside those, so that what holds for them does not hold for the VM. A dash in the name would put it below another. */
const OWN_SLICE = 'passthroughstudio.slice'
/** On systems with a merged /usr as on others. */
const SYSTEMCTL = '/bin/systemctl'

/** What systemd-run is told besides; `note` says why other programs are not kept off although that was asked for. */
interface SetApart {
  options: string[]
  note: string | null
}

const nothing = (note: string | null): SetApart => ({ options: [], note })

/**
 * Keeps everything else on the host off a VM's processors (AllowedCPUs, systemd.resource-control(5)) until its unit
 * ends, however it does: systemd itself then runs what gives them back. Nothing of it survives a reboot. A host whose
 * slices somebody has confined already is left as it is.
 */
export async function setApart(system: System, { pinning, setApart: asked }: VmDefinition): Promise<SetApart> {
  if (!asked || pinning === null) return nothing(null)
  const not = (await withoutCpusets(system)) ?? (await confinedAlready(system, pinning))
  if (not !== null) return nothing(`Other programs are not kept off its processors: ${not}`)
  for (const slice of OTHERS) {
    const failure = await allow(system, slice, pinning.emulator.join(','))
    if (failure === null) continue
    await giveBack(system)
    return nothing(`Other programs are not kept off its processors: ${failure}`)
  }
  return { options: [`--slice=${OWN_SLICE}`, ...OTHERS.map(givesBack)], note: null }
}

/** For a unit that never came to be. What cannot be given back now is by the next start's end, or a reboot. */
export async function giveBack(system: System): Promise<void> {
  for (const slice of OTHERS) await allow(system, slice, '')
}

/** Run with full privileges after the unit's processes are gone, also when they were killed (systemd.service(5)). */
function givesBack(slice: string): string {
  return `--property=ExecStopPost=+${SYSTEMCTL} set-property --runtime ${slice} AllowedCPUs=`
}

/** Kernel, Documentation/admin-guide/cgroup-v2.rst: the root lists the controllers there are. */
async function withoutCpusets(system: System): Promise<string | null> {
  const file = await system.read('/sys/fs/cgroup/cgroup.controllers')
  const there = file.kind === 'text' && file.text.split(/\s+/u).includes('cpuset')
  return there ? null : 'this host has no cgroup v2 with cpusets.'
}

/** Another VM's, or the admin's own. Those we would set ourselves are left from a unit that could not end. */
async function confinedAlready(system: System, { emulator }: VmPinning): Promise<string | null> {
  for (const slice of OTHERS) {
    const shown = await system.run('systemctl', ['show', '--property=AllowedCPUs', '--value', slice], () => undefined)
    if (shown.exitCode !== 0) return shown.stderr.trim()
    const cpus = parseCpuList(shown.stdout)
    if (cpus.length > 0 && cpus.join() !== emulator.join())
      return `${slice} is confined to ${shown.stdout.trim()} already.`
  }
  return null
}

/** Null: done; else systemd's own words. */
async function allow(system: System, slice: string, cpus: string): Promise<string | null> {
  const args = ['set-property', '--runtime', slice, `AllowedCPUs=${cpus}`]
  const { exitCode, stderr } = await system.run('systemctl', args, () => undefined)
  return exitCode === 0 ? null : stderr.trim()
}
