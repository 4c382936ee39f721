import { chown, copyFile, mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execPath, getuid, pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { NoHelper } from '#app/privilege/helper-client.ts'
import type { Privilege } from '#app/privilege/privilege.ts'
import { ProcessHelper } from '#app/privilege/process-helper.ts'
import { varsFile } from '#core/definition/firmware/vars-file.ts'
import { startScript } from '#core/definition/qemu/script.ts'
import { startDetached } from '#host/exec/detached.ts'
import { RealHost } from '#host/real/real.ts'
import { RootReads } from '#host/real/root-reads.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { DATA_DIRECTORY, RUN_DIRECTORY, VM_RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { VmSupervisor } from '#vm/own/supervisor.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { defined, realQemu, withoutCardAndKvm, workstation } from '../qemu/workstation.ts'
import { type Line, median, ms, timed } from './lines.ts'

const ROUNDS = 7
const HELPER = join(import.meta.dirname, '../../dist/helper.cjs')
const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 }
const LIMIT_MS = 60_000
const MOST = 1.05

/** A Linux VM of this run's own below the real directories, so that the very helper and supervisor can start it. */
async function prepare(): Promise<VmDefinition> {
  const qemu = await realQemu()
  if (qemu.firmware.length === 0) throw new Error('there is no UEFI firmware (Debian: ovmf)')
  const made = defined(await workstation(qemu), { profile: 'linux', memoryMiB: 512, vcpus: 2 })
  const definition = { ...made, name: `bench-${pid}`, user: NOBODY }
  const { firmware, name, disk } = definition
  const paths = vmPaths(name)
  await mkdir(dirname(paths.script), { recursive: true })
  await writeFile(paths.definition, JSON.stringify(definition))
  await writeFile(paths.script, withoutCardAndKvm(startScript(definition, qemu)), { mode: 0o755 })
  const files: string[] = []
  if (firmware !== null) {
    await copyFile(firmware.varsTemplate, varsFile(name, firmware))
    files.push(varsFile(name, firmware))
  }
  if (disk?.kind === 'new') {
    const path = `${paths.disk}.${disk.format}`
    await execa('qemu-img', ['create', '-q', '-f', disk.format, path, '1G'])
    files.push(path)
  }
  await mkdir(VM_RUN_DIRECTORY, { recursive: true })
  await mkdir(paths.run, { mode: 0o700 })
  files.push(paths.run)
  for (const file of files) await chown(file, NOBODY.uid, NOBODY.gid)
  return definition
}

/** Removes this run's VM, and the directories above it when nothing else lies there. */
async function clear(name: string): Promise<void> {
  const paths = vmPaths(name)
  await rm(dirname(paths.script), { recursive: true, force: true })
  await rm(paths.run, { recursive: true, force: true })
  for (const directory of [join(DATA_DIRECTORY, 'vms'), DATA_DIRECTORY, VM_RUN_DIRECTORY, RUN_DIRECTORY])
    await rmdir(directory).catch(() => undefined)
}

const identity = ({ user }: VmDefinition) => ['--reuid', String(user.uid), '--regid', String(user.gid), '--init-groups']

/** This process's own right, with the helper that was built here. */
function asRoot(): Privilege {
  const command = { tool: 'direct' as const, path: execPath, args: [HELPER] }
  return { access: { command, refusal: null, text: '', wayOn: 'none' }, renew: () => Promise.resolve(false) }
}

/**
 * The helper's share of a start without locked memory, which a container may not raise: its process comes up, reads
 * a request, finds no such VM and ends; then the script is started as it starts it.
 */
class LimitlessHelper extends NoHelper {
  private readonly real = new ProcessHelper(asRoot(), new RootReads())
  private readonly definition: VmDefinition

  constructor(definition: VmDefinition) {
    super(new ProblemError('refused', 'This helper starts a VM and does nothing else.', { hint: 'Nothing.' }))
    this.definition = definition
  }

  override async launch(): Promise<string[]> {
    const answer = await this.real.launch('bench-none').catch((thrown: unknown) => thrown)
    if (!(answer instanceof ProblemError && answer.problem.code === 'vm-off')) throw answer
    const { script, exit, started, forced } = vmPaths(this.definition.name)
    for (const note of [exit, started, forced]) await rm(note, { force: true })
    await startDetached('setpriv', [...identity(this.definition), '--', script])
    return []
  }
}

/** By hand: the script as the VM's user, and `cont` as soon as QEMU answers. */
async function byHand(definition: VmDefinition): Promise<void> {
  const { script, qmp } = vmPaths(definition.name)
  const child = execa('setpriv', [...identity(definition), '--', script], {
    reject: false,
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  const deadline = Date.now() + LIMIT_MS
  while (Date.now() < deadline) {
    const answered = await withQmp(qmp, LIMIT_MS, (client) => client.command('cont')).then(
      () => true,
      () => false,
    )
    if (answered) return
    await sleep(5)
  }
  throw new Error('QEMU did not start by hand')
}

/** Until the VM runs: through facts, helper and supervisor, beside the generated script by hand. */
export async function startOverhead(): Promise<Line[]> {
  if (getuid?.() !== 0) throw new Error('starting as the VM’s user needs root')
  const host = new RealHost()
  const definition = await prepare()
  const supervisor = new VmSupervisor(host, new LimitlessHelper(definition))
  const ours: number[] = []
  const theirs: number[] = []
  try {
    await factsFrom(host)
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await timed(() => byHand(definition)))
      await supervisor.forceOff(definition)
      ours.push(
        await timed(async () => {
          await factsFrom(host)
          await supervisor.start(definition)
        }),
      )
      await supervisor.forceOff(definition)
    }
  } finally {
    await clear(definition.name)
  }
  const [app, hand] = [median(ours), median(theirs)]
  return [
    {
      what: 'start of a VM (512 MiB, no card, TCG, nothing locked): facts, helper, script',
      ours: ms(app),
      theirs: `${ms(hand)} start-vm.sh by hand`,
      ratio: app / hand,
      target: `ratio < ${MOST}`,
      met: app / hand < MOST,
    },
  ]
}
