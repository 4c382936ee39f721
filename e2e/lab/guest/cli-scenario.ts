import { readFile, writeFile } from 'node:fs/promises'
import { argv, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { differences, driverOf, groupCount, hostState, note } from './evidence.ts'

const CLI = '/mnt/project/dist/cli.js'
const BEFORE = '/var/lib/lab/before.json'
const RESCUE = '/var/lib/passthrough-studio/rescue.sh'
const JOURNAL = '/var/lib/passthrough-studio/journal.jsonl'
const FUNCTIONS = ['0000:01:00.0', '0000:01:00.1']
/** Tells lab-job that a reboot is under way. */
const GOES_ON = 75

/** Runs one verb as root and notes how it went. */
async function studio(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const result = await execa('node', [CLI, ...args], { reject: false })
  const { exitCode = -1, stdout, stderr } = result
  await note(args.join(' '), { exitCode, stdout, stderr })
  return { exitCode, stdout, stderr }
}

async function drivers(what: string): Promise<void> {
  await note(what, {
    drivers: await Promise.all(FUNCTIONS.map(driverOf)),
    groups: await groupCount(),
    cmdline: (await readFile('/proc/cmdline', 'utf8')).trim(),
  })
}

async function compare(what: string): Promise<void> {
  const before = JSON.parse(await readFile(BEFORE, 'utf8')) as Record<string, string>
  await note(what, differences(before, await hostState()))
}

async function reboot(): Promise<never> {
  await execa('systemctl', ['reboot'])
  exit(GOES_ON)
}

/** The image's menu was written by hand; the machine's own tool writes it once before anything is compared. */
async function firstBoot(): Promise<void> {
  await execa('update-grub')
  await writeFile(BEFORE, JSON.stringify(await hostState()))
  await drivers('boot 1')
  await studio('doctor')
  await studio('apply', 'kernel')
  await studio('apply', 'boot')
  await reboot()
}

/** Steps 4 to 9 on the real kernel, once interrupted in the middle of step 5. */
async function secondBoot(): Promise<void> {
  await drivers('boot 2')
  await studio('doctor')
  await killedInStepFive()
  await studio('apply', 'bind', '--confirm', '01:00.0')
  await drivers('bound')
  // Pinning memory is what costs time under emulation.
  await studio('apply', 'machine', '--choice', '{"memoryMiB":256}')
  await studio('vm', 'prove', '--json')
  await rescue()
  await reboot()
}

/** The way back without the app: the script beside the journal, run by the machine's own shell. */
async function rescue(): Promise<void> {
  const { exitCode = -1, stdout, stderr } = await execa('sh', [RESCUE], { reject: false })
  await note('rescue', { exitCode, stdout, stderr })
  const before = JSON.parse(await readFile(BEFORE, 'utf8')) as Record<string, string>
  const left = differences(before, await hostState())
  await note(
    'files after the rescue',
    left.filter((line) => !line.startsWith('driver ')),
  )
}

/** SIGKILL while step 5 runs: the functions have moved, the initramfs is being built. Then that step is taken back. */
async function killedInStepFive(): Promise<void> {
  const before = await hostState()
  const applying = execa('node', [CLI, 'apply', 'bind', '--confirm', '01:00.0'], { reject: false })
  while (!(await rebuildOfStepFiveBegan())) await sleep(50)
  await sleep(3000)
  const helper = (await readFile('/run/passthrough-studio/helper.lock', 'utf8')).trim()
  process.kill(Number(helper), 'SIGKILL')
  const { exitCode, stderr } = await applying
  await note('killed', { exitCode, stderr })
  await drivers('after the kill')
  await studio('doctor')
  await studio('undo', '--last')
  await drivers('after undo of the killed step')
  await note('undone after the kill', differences(before, await hostState()))
}

/** The journal announces step 5's rebuild before it begins. */
async function rebuildOfStepFiveBegan(): Promise<boolean> {
  const lines = (await readFile(JOURNAL, 'utf8')).split('\n')
  return lines.some(
    (line) =>
      line.includes('"kind":"intent"') && line.includes('"rebuild-initramfs"') && /"tx":"[^"]*-bind-/u.test(line),
  )
}

async function thirdBoot(): Promise<void> {
  await drivers('boot 3')
  await compare('after everything')
}

const boots = [firstBoot, secondBoot, thirdBoot]
await boots[Number(argv[2]) - 1]?.()
