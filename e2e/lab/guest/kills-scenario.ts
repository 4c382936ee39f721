import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { program } from './designer.ts'
import { note } from './evidence.ts'
import { leftovers, OF_A_VM, processes } from './leftovers.ts'
import { DARK, prepareVm, studio } from './verbs.ts'

const RUN = '/run/passthrough-studio'
const STARTED = `${RUN}/vms/designer/started`
const UNIT = 'passthrough-studio-vm-designer.service'

/** What the app says of the VM now, and what is really there. */
async function look(what: string): Promise<void> {
  const { stdout } = await program('vm', 'status', '--json')
  const { status } = JSON.parse(stdout) as { status: unknown }
  const qemu = await processes(/guest=designer/u)
  await note(what, { status, qemu: qemu.length, left: qemu.length === 0 ? await leftovers() : [] })
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 15_000; tries++) {
    if (await done()) return
    await sleep(20)
  }
  throw new Error('what should have happened did not within five minutes')
}

async function gone(): Promise<void> {
  await until(async () => (await processes(OF_A_VM)).length === 0)
}

/** Runs a verb and kills it at the moment `ripe` sees. */
async function killedVerb(what: string, ripe: () => boolean | Promise<boolean>, ...words: string[]): Promise<void> {
  const running = program(...words)
  await until(ripe)
  running.kill('SIGKILL')
  const { signal } = await running
  await note(what, { signal: signal ?? null })
}

/** The app dies as soon as systemd has begun; the VM comes up by itself, and is found. */
async function atStart(): Promise<void> {
  await killedVerb('app killed at the start', () => existsSync(STARTED), 'vm', 'start')
  await until(() => existsSync(`${RUN}/vms/designer/qmp.sock`))
  await sleep(3000)
  await look('found running')
}

/** QEMU dies while the guest runs. */
async function runningQemu(): Promise<void> {
  const [qemu = 0] = await processes(/guest=designer/u)
  process.kill(qemu, 'SIGKILL')
  await gone()
  await look('QEMU killed')
}

/** Root's part of the start dies; whatever it got to is taken back, and the next start works. */
async function hostPart(): Promise<void> {
  const running = program('vm', 'start')
  await until(async () => (await processes(/host\.sh take/u)).length > 0)
  for (const pid of await processes(/host\.sh take/u)) process.kill(pid, 'SIGKILL')
  const { exitCode, stderr } = await running
  await note('host part killed', { exitCode, stderr })
  await look('after the host part')
  await studio('vm', 'start')
  await look('started after the host part')
}

/** The script that is QEMU's parent dies: systemd ends what it leaves. */
async function script(): Promise<void> {
  const [pid = ''] = (await readFile(STARTED, 'utf8')).split(' ')
  process.kill(Number(pid), 'SIGKILL')
  await gone()
  await look('script killed')
  await studio('vm', 'start')
}

/** The kernel kills for lack of memory: the unit may not have what QEMU holds. */
async function outOfMemory(): Promise<void> {
  await execa('systemctl', ['set-property', '--runtime', UNIT, 'MemoryMax=64M', 'MemorySwapMax=0'])
  await gone()
  await look('out of memory')
  // It stays for as long as the host is up, also for starts to come.
  await execa('systemctl', ['set-property', '--runtime', UNIT, 'MemoryMax=infinity', 'MemorySwapMax=infinity'])
  await studio('vm', 'start')
}

/** The app dies while the guest shuts down; that goes on. */
async function duringShutdown(): Promise<void> {
  const log = `${RUN}/vms/designer/serial.log`
  const before = (await readFile(log, 'utf8')).length
  await killedVerb('app killed in shut down', async () => (await readFile(log, 'utf8')).length > before, 'vm', 'stop')
  await gone()
  await look('shut down without the app')
}

await prepareVm({ memoryMiB: 256, ...DARK })
for (const stage of [atStart, runningQemu, hostPart, script, outOfMemory, duringShutdown]) await stage()
