import { readFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { note } from './evidence.ts'
import { CLI, compare, drivers, reboot, remember, studio } from './verbs.ts'

const JOURNAL = '/var/lib/passthrough-studio/journal.jsonl'

/** The image's menu was written by hand; the machine's own tool writes it once before anything is compared. */
async function firstBoot(): Promise<void> {
  await execa('update-grub')
  await remember()
  await drivers('boot 1')
  await studio('doctor')
  await studio('apply', 'kernel')
  await studio('apply', 'boot')
  await studio('doctor')
  await reboot()
}

/** Steps 4 to 9 on the real kernel, once interrupted in the middle of step 5. */
async function secondBoot(): Promise<void> {
  await drivers('boot 2')
  await studio('doctor')
  await killedInStepFive()
  await studio('apply', 'kernel')
  await studio('apply', 'boot')
  await studio('apply', 'bind', '--confirm', '01:00.0')
  await drivers('bound')
  // Pinning memory is what costs time under emulation.
  await studio('apply', 'machine', '--choice', '{"memoryMiB":256}')
  await studio('vm', 'prove', '--json')
  await studio('doctor')
  await studio('undo', '--all')
  await compare('undone')
  await reboot()
}

/** SIGKILL while step 5 runs: the functions have moved, the initramfs is being built. Then everything is taken back. */
async function killedInStepFive(): Promise<void> {
  const applying = execa('node', [CLI, 'apply', 'bind', '--confirm', '01:00.0'], { reject: false })
  while (!(await rebuildOfStepFiveBegan())) await sleep(50)
  await sleep(3000)
  const helper = (await readFile('/run/passthrough-studio/helper.lock', 'utf8')).trim()
  process.kill(Number(helper), 'SIGKILL')
  const { exitCode, stderr } = await applying
  await note('killed', { exitCode, stderr })
  await drivers('after the kill')
  await studio('doctor')
  await studio('undo', '--all')
  await drivers('after undo of the killed step')
  await compare('undone after the kill')
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
  await studio('doctor')
}

const boots = [firstBoot, secondBoot, thirdBoot]
await boots[Number(argv[2]) - 1]?.()
