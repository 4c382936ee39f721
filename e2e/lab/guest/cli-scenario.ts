import { readFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { program } from './designer.ts'
import { differences, hostState, note } from './evidence.ts'
import { allowAll, changedSinceBefore, compare, DARK, drivers, earlyBoot, reboot, remember, studio } from './verbs.ts'

const RESCUE = '/var/lib/passthrough-studio/rescue.sh'
const JOURNAL = '/var/lib/passthrough-studio/journal.jsonl'

/** The image's menu was written by hand; the machine's own tool writes it once before anything is compared. */
async function firstBoot(): Promise<void> {
  await execa('update-grub')
  await allowAll()
  await remember()
  await drivers('boot 1')
  await studio('doctor')
  await studio('apply', 'kernel')
  await studio('apply', 'boot')
  await reboot()
}

/** Step 5 on the real kernel, once interrupted in the middle. */
async function secondBoot(): Promise<void> {
  await drivers('boot 2')
  await studio('doctor')
  await killedInStepFive()
  await studio('apply', 'bind', '--confirm', '01:00.0')
  await drivers('bound')
  await reboot()
}

/** The card comes up on vfio-pci by itself; steps 8 and 9, and back without the app. */
async function thirdBoot(): Promise<void> {
  await drivers('boot 3')
  await earlyBoot('early boot 3')
  // Pinning memory is what costs time under emulation.
  await studio('apply', 'definition', '--choice', JSON.stringify({ memoryMiB: 256, ...DARK }))
  await studio('vm', 'prove', '--json')
  await rescue()
  await reboot()
}

/** The way back without the app: the script beside the journal, run by the machine's own shell. */
async function rescue(): Promise<void> {
  const { exitCode = -1, stdout, stderr } = await execa('sh', [RESCUE], { reject: false })
  await note('rescue', { exitCode, stdout, stderr })
  const left = await changedSinceBefore()
  await note(
    'files after the rescue',
    left.filter((line) => !line.startsWith('driver ')),
  )
}

/** SIGKILL while step 5 runs: the functions have moved, the initramfs is being built. Then that step is taken back. */
async function killedInStepFive(): Promise<void> {
  const before = await hostState()
  const applying = program('apply', 'bind', '--confirm', '01:00.0')
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

async function fourthBoot(): Promise<void> {
  await drivers('boot 4')
  await compare('after everything')
}

const boots = [firstBoot, secondBoot, thirdBoot, fourthBoot]
await boots[Number(argv[2]) - 1]?.()
