import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { argv, kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { errnoOf } from '#host/file-reader.ts'
import { vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { program } from './designer.ts'
import { note } from './evidence.ts'
import { leftovers, processes } from './leftovers.ts'
import { CARD, picture } from './login-screen.ts'
import { allowAll, DARK, studio } from './verbs.ts'

/** How often the card goes and comes back; 0: it is taken and given back among kills instead. */
const ROUNDS = Number(argv[3] ?? '1')
const paths = vmPaths('designer')

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await done()) return
    await sleep(500)
  }
  throw new Error(`${what}: not within five minutes; ${JSON.stringify(await picture())}`)
}

async function untilBack(): Promise<void> {
  await until('the picture is back', async () => {
    const { onTheCard, taken } = await picture()
    return !taken && onTheCard.includes('Xorg')
  })
}

async function serial(): Promise<string> {
  return readFile(paths.serialLog, 'utf8').catch(() => '')
}

async function unitState(): Promise<string> {
  const { stdout } = await execa('systemctl', ['show', '--property=ActiveState', '--value', vmUnit('designer')])
  return stdout.trim()
}

/** The VM is off, by its guest where that is up, and the picture is back. */
async function over(): Promise<void> {
  await until('the start is over', async () => (await unitState()) !== 'activating')
  if ((await unitState()) === 'active') {
    await until('the guest reports', async () => / end\r?$/mu.test(await serial()))
    await studio('vm', 'stop')
  }
  await until('the unit has ended', async () => ['inactive', 'failed'].includes(await unitState()))
  await untilBack()
}

function starting() {
  // What the guest before this one has reported.
  rmSync(paths.serialLog, { force: true })
  return program('vm', 'start')
}

/** The picture goes, the guest has the card, it shuts down, and the picture is back. */
async function round(number: number): Promise<void> {
  const { exitCode, stderr } = await starting()
  const during = await picture()
  const functions = (await serial()).split('\n').filter((line) => line.includes('passthrough-studio-proof function'))
  const stop = await studio('vm', 'stop')
  await over()
  const left = (await leftovers()).filter((line) => !line.startsWith('unit '))
  await note('round', {
    ...{ number, exitCode, stderr, during, functions, stop: stop.exitCode },
    ...{ after: await picture(), left },
  })
}

/** Kills a process; one that has ended by itself meanwhile is as good. */
function end(pid: number): void {
  try {
    kill(pid, 'SIGKILL')
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ESRCH') throw thrown
  }
}

/** QEMU dies while the guest runs. */
async function qemuKilled(): Promise<void> {
  await starting()
  for (const pid of await processes(/guest=designer/u)) end(pid)
  await over()
  await note('QEMU killed', await picture())
}

const scriptRuns = async (): Promise<boolean> => (await processes(/host\.sh take/u)).length > 0

const atOnce = async (): Promise<boolean> => true

/** The app dies at this moment of a start, which systemd goes on with once it was asked for. No helper is in it. */
async function appKilled(ripe: () => Promise<boolean>, afterMs: number): Promise<void> {
  const run = starting()
  await until('the start is under way', ripe)
  await sleep(afterMs)
  run.kill('SIGKILL')
  await run
  await sleep(2000)
  const began = !['inactive', 'failed'].includes(await unitState())
  await over()
  await note('app killed', { began, reported: / end\r?$/mu.test(await serial()), after: await picture() })
}

/** The script itself dies while it takes the card. */
async function takeKilled(afterMs: number): Promise<void> {
  const run = starting()
  await until('the script runs', scriptRuns)
  await sleep(afterMs)
  for (const pid of await processes(/host\.sh take/u)) end(pid)
  const { exitCode, stderr } = await run
  await over()
  await note('take killed', { afterMs, exitCode, stderr, after: await picture() })
}

/** A program that has the card open and that nobody stops: it is named, and nothing is taken. */
async function held(): Promise<void> {
  const holder = execa('sh', ['-c', 'exec 3<> /dev/dri/card0; exec sleep 600'], { reject: false })
  await sleep(1000)
  const { exitCode, stderr } = await starting()
  await note('held', { exitCode, stderr, after: await picture() })
  holder.kill()
  await holder
}

/** The guest stands still and has reported nothing when its minutes are over: the picture comes back by itself. */
async function guestAway(): Promise<void> {
  await studio('apply', 'definition', '--choice', JSON.stringify({ comeBackMinutes: 2 }))
  const { exitCode } = await starting()
  for (const pid of await processes(/guest=designer/u)) kill(pid, 'SIGSTOP')
  rmSync(paths.serialLog, { force: true })
  const during = await picture()
  await until('the unit has ended', async () => ['inactive', 'failed'].includes(await unitState()))
  await untilBack()
  await note('guest away', { exitCode, during, after: await picture() })
}

async function amongKills(): Promise<void> {
  await held()
  await qemuKilled()
  for (const afterMs of [1500, 6000]) await appKilled(atOnce, afterMs)
  for (const afterMs of [0, 3000]) await appKilled(scriptRuns, afterMs)
  for (const afterMs of [0, 400, 1500, 4000]) await takeKilled(afterMs)
  await guestAway()
}

/** Steps 2, 4 and 8: the card is the VM's only while it runs, and the login screen is stopped for it. */
async function prepare(): Promise<void> {
  await allowAll()
  const units = [{ address: CARD[0], when: 'vm' }]
  const machine = { memoryMiB: 256, stopAtStart: ['display-manager.service'], ...DARK }
  for (const words of [
    ['apply', 'kernel'],
    ['plan', 'cards', '--choice', JSON.stringify({ units })],
    ['apply', 'definition', '--choice', JSON.stringify(machine)],
  ]) {
    const { exitCode, stderr } = await studio(...words)
    if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
}

await until('the login screen is up', async () => (await picture()).onTheCard.includes('Xorg'))
await prepare()
await note('before', await picture())
for (let number = 1; number <= ROUNDS; number++) await round(number)
if (ROUNDS === 0) await amongKills()
