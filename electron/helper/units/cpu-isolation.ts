import { toolText } from '#host/exec/tool-text.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { type VmDefinition, vmUnit } from '#shared/vm/vm.ts'
import { refusal, unitRuns } from './unit.ts'

/** Everything of a host that is not a VM or a container (systemd.special(7)). */
const OTHERS = ['init.scope', 'system.slice', 'user.slice']
/**
 * Where every VM of this program runs: beside those, so that what holds for them does not hold for a VM. A dash in the
 * name would put it below another slice (systemd.slice(5)).
 */
export const VM_SLICE = 'passthroughstudio.slice'
/** The unit whose processors are set apart. Root's, gone after a reboot as the confinement is. */
const OWNER = `${RUN_DIRECTORY}/set-apart`
/** On systems with a merged /usr as on others. */
const [SYSTEMCTL, RM] = ['/bin/systemctl', '/bin/rm']

/** What systemd-run is told besides; `note` says why other programs are not kept off although that was asked for. */
interface SetApart {
  properties: string[]
  note: string | null
}

const nothing = (note: string | null): SetApart => ({ properties: [], note })

/** A note for a VM that runs all the same. */
export function notIsolated(why: string): string {
  return `Other programs are not kept off its processors: ${why}`
}

/**
 * Keeps everything else on the host off a VM's processors (AllowedCPUs, systemd.resource-control(5)) until its unit
 * ends, however it does: systemd itself then runs what gives them back. Nothing of it survives a reboot. A host whose
 * slices somebody has confined already, another VM included, is left as it is.
 */
export async function isolateCpus(system: System, { name, pinning, setApart: asked }: VmDefinition): Promise<SetApart> {
  if (!asked || pinning === null) return nothing(null)
  const not = (await withoutCpusets(system)) ?? (await taken(system)) ?? (await confinedBySomebody(system))
  if (not !== null) return nothing(notIsolated(not))
  const all = await system.read('/sys/devices/system/cpu/online')
  await system.writeAtomic(OWNER, new TextEncoder().encode(`${vmUnit(name)}\n`), { mode: 0o644, uid: 0, gid: 0 })
  for (const slice of OTHERS) {
    const failure = await allow(system, slice, pinning.emulator.join(','))
    if (failure !== null) return nothing([notIsolated(failure), ...(await releaseCpus(system))].join(' '))
  }
  return { properties: givesBack(all.kind === 'text' ? all.text.trim() : null), note: null }
}

/**
 * Run with full privileges once the unit's processes are gone, also when they were killed, and each whatever became of
 * the one before (systemd.service(5): `+` and `-`). All processors first, as not every systemd takes an empty list to
 * the kernel.
 */
function givesBack(all: string | null): string[] {
  const sets = OTHERS.flatMap((slice) => [...(all === null ? [] : [[slice, all]]), [slice, '']])
  const lines = sets.map(([slice, cpus]) => `${SYSTEMCTL} set-property --runtime ${slice} AllowedCPUs=${cpus}`)
  return [...lines, `${RM} -f ${OWNER}`].map((line) => `ExecStopPost=-+${line}`)
}

/** For a unit that never came to be; what could not be given back, in sentences. */
export async function releaseCpus(system: System): Promise<string[]> {
  const failures: string[] = []
  for (const slice of OTHERS) {
    const failure = await allow(system, slice, '')
    if (failure !== null) failures.push(`${slice} stays confined until the next boot: ${failure}`)
  }
  if (failures.length === 0) await system.remove(OWNER)
  return failures
}

/** Kernel, Documentation/admin-guide/cgroup-v2.rst: the root lists the controllers there are. */
async function withoutCpusets(system: System): Promise<string | null> {
  const file = await system.read('/sys/fs/cgroup/cgroup.controllers')
  const there = file.kind === 'text' && file.text.split(/\s+/u).includes('cpuset')
  return there ? null : 'this host has no cgroup v2 with cpusets.'
}

/** Another VM has its processors set apart; what one left that is gone is given back first. */
async function taken(system: System): Promise<string | null> {
  const file = await system.read(OWNER)
  if (file.kind !== 'text') return null
  const unit = file.text.trim()
  if (await unitRuns(system, unit)) return `${unit} has its own set apart.`
  const failures = await releaseCpus(system)
  return failures.length === 0 ? null : failures.join(' ')
}

async function confinedBySomebody(system: System): Promise<string | null> {
  for (const slice of OTHERS) {
    const shown = await toolText(system, 'systemctl', ['show', '--property=AllowedCPUs', '--value', slice])
    if (isUnknown(shown)) return shown.unknown
    const cpus = shown?.trim() ?? ''
    if (cpus !== '') return `${slice} is confined to ${cpus} already.`
  }
  return null
}

/** Null: done; else why not. */
function allow(system: System, slice: string, cpus: string): Promise<string | null> {
  return refusal(system, 'systemctl', ['set-property', '--runtime', slice, `AllowedCPUs=${cpus}`])
}
