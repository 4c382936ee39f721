import { readFile, writeFile } from 'node:fs/promises'
import { argv, kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { definitionText } from '#core/definition/definition.ts'
import { cardsText } from '#core/texts/cards/cards-script.ts'
import { RealSystem } from '#helper/real-system.ts'
import { launchVm } from '#helper/units/launch.ts'
import { problemOf } from '#shared/base/problem.ts'
import { definitionIn, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { note } from './evidence.ts'
import { leftovers, processes } from './leftovers.ts'
import { picture } from './login-screen.ts'
import { allowAll, DARK, studio } from './verbs.ts'

const ROUNDS = Number(argv[3] ?? '1')
const paths = vmPaths('designer')
const UNIT = 'passthrough-studio-vm-designer.service'

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await done()) return
    await sleep(500)
  }
  throw new Error(`${what}: not within five minutes; ${JSON.stringify(await picture())}`)
}

/** The picture is back, or the five minutes in which it should be are over. */
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
  const { stdout } = await execa('systemctl', ['show', '--property=ActiveState', '--value', UNIT])
  return stdout.trim()
}

async function ended(): Promise<void> {
  await until('the unit has ended', async () => ['inactive', 'failed'].includes(await unitState()))
}

/** Starts the VM as the helper does, in a process of its own that can be killed; returns how that went. */
function launching() {
  return execa(process.execPath, [argv[1] ?? '', 'launch'], { reject: false, env: { NODE_NO_WARNINGS: '1' } })
}

async function guestReports(): Promise<void> {
  await until('the guest reports', async () => / end$/mu.test(await serial()))
}

/** The picture goes, the guest has the card, it shuts down, and the picture is back. */
async function round(number: number): Promise<void> {
  const { exitCode, stderr } = await launching()
  await guestReports()
  const during = await picture()
  const functions = (await serial()).split('\n').filter((line) => line.includes('passthrough-studio-proof function'))
  const stop = await studio('vm', 'stop')
  await ended()
  await untilBack()
  const left = (await leftovers()).filter((line) => !line.startsWith('unit '))
  await note('round', {
    ...{ number, exitCode, stderr, during, functions, stop: stop.exitCode },
    ...{ after: await picture(), left },
  })
}

/** QEMU dies while the guest runs. */
async function qemuKilled(): Promise<void> {
  await launching()
  await guestReports()
  for (const pid of await processes(/guest=designer/u)) kill(pid, 'SIGKILL')
  await ended()
  await untilBack()
  await note('QEMU killed', await picture())
}

/** Whoever starts the VM dies at this moment; systemd goes on, and the VM comes up without anybody to let it go on. */
async function launcherKilled(afterMs: number): Promise<void> {
  const run = launching()
  await sleep(afterMs)
  run.kill('SIGKILL')
  await run
  await sleep(2000)
  const began = (await unitState()) !== 'inactive'
  if (began) {
    await guestReports()
    await studio('vm', 'stop')
    await ended()
  }
  await untilBack()
  await note('launcher killed', { afterMs, began, after: await picture() })
}

/** The script itself dies while it takes the card. */
async function takeKilled(afterMs: number): Promise<void> {
  const run = launching()
  await until('the script runs', async () => (await processes(/cards\.sh take/u)).length > 0)
  await sleep(afterMs)
  for (const pid of await processes(/cards\.sh take/u)) kill(pid, 'SIGKILL')
  const { exitCode, stderr } = await run
  if (exitCode === 0) {
    await guestReports()
    await studio('vm', 'stop')
  }
  await ended()
  await untilBack()
  await note('take killed', { afterMs, exitCode, stderr, after: await picture() })
}

/** A program of nobody's that has the card open: it is named, and nothing is taken. */
async function held(): Promise<void> {
  const program = execa('sh', ['-c', 'exec 3<> /dev/dri/card0; exec sleep 600'], { reject: false })
  await sleep(1000)
  const { exitCode, stderr } = await launching()
  await note('held', { exitCode, stderr, after: await picture() })
  program.kill()
  await program
}

async function launch(): Promise<void> {
  const system = new RealSystem('/')
  await launchVm(system, 'designer', 0)
}

/** Steps 2 and 8, and what makes the VM take the card at its start. */
async function prepare(): Promise<void> {
  await allowAll()
  for (const words of [
    ['apply', 'kernel'],
    ['apply', 'definition', '--choice', JSON.stringify({ memoryMiB: 256, ...DARK })],
  ]) {
    const { exitCode, stderr } = await studio(...words)
    if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
  const vm = definitionIn(await readFile(paths.definition, 'utf8'))
  if (vm === null) throw new Error('no VM')
  await writeVm({
    ...vm,
    atStart: {
      functions: [
        { address: '0000:01:00.1', vendorId: '8086', deviceId: '2668', path: '0000:00:01.0/00.1' },
        { address: '0000:01:00.0', vendorId: '1234', deviceId: '1111', path: '0000:00:01.0/00.0' },
      ],
      stop: ['display-manager.service'],
    },
  })
}

async function writeVm(vm: VmDefinition): Promise<void> {
  await writeFile(paths.definition, definitionText(vm))
  const script = await readFile(paths.script, 'utf8')
  await writeFile(paths.script, script.replace(/^set -- "\$@" '?-S'?$/mu, ''))
  const text = cardsText(vm)
  if (text !== null) await writeFile(text.path, text.text, { mode: text.mode })
}

if (argv[2] === 'launch') {
  await launch().catch((thrown: unknown) => {
    console.error(problemOf(thrown).message)
    process.exit(1)
  })
} else {
  await until('the login screen is up', async () => (await picture()).onTheCard.includes('Xorg'))
  await prepare()
  await note('before', await picture())
  for (let number = 1; number <= ROUNDS; number++) await round(number)
  await held()
  await qemuKilled()
  for (const afterMs of [300, 2000, 6000]) await launcherKilled(afterMs)
  for (const afterMs of [0, 400, 1500, 4000]) await takeKilled(afterMs)
}
