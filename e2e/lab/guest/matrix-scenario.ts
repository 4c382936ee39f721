import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { argv } from 'node:process'
import { execa } from 'execa'
import { allowAll, compare, drivers, earlyBoot, reboot, remember, studio } from './verbs.ts'

const GRUB = existsSync('/etc/default/grub')
const UNIFIED_BY_DRACUT = existsSync('/etc/dracut.conf.d/unified.conf')

/** What an admin does in the menu: the rescue entry, this once. */
async function chooseRescue(): Promise<void> {
  if (GRUB) await execa('grub-reboot', ['passthrough-studio-rescue'])
  else await execa('bootctl', ['set-oneshot', 'passthrough-studio-rescue.conf'])
}

/** The image's menu was written from outside; the machine's own tool writes it once before anything is compared. */
async function firstBoot(): Promise<void> {
  if (GRUB) {
    await execa('update-grub')
    // GRUB clears this after an entry was chosen once and leaves the empty line, which is no change of ours.
    await execa('grub-editenv', ['-', 'set', 'next_entry='])
  } else if (UNIFIED_BY_DRACUT) await execa('dracut', ['-f', '--kver', release()])
  else await execa('kernel-install', ['add', release(), `/boot/vmlinuz-${release()}`])
  await allowAll()
  await remember()
  await drivers('boot 1')
  await earlyBoot('early boot 1')
  await studio('apply', 'kernel')
  await studio('apply', 'boot')
  await reboot()
}

async function secondBoot(): Promise<void> {
  await drivers('boot 2')
  await studio('apply', 'bind', '--confirm', '01:00.0')
  await drivers('bound')
  await reboot()
}

async function thirdBoot(): Promise<void> {
  await drivers('boot 3')
  await earlyBoot('early boot 3')
  await studio('doctor', '--json')
  await chooseRescue()
  await reboot()
}

async function rescueBoot(): Promise<void> {
  await drivers('rescue boot')
  await earlyBoot('early boot 4')
  await studio('undo', '--all')
  await compare('undone')
  await reboot()
}

async function lastBoot(): Promise<void> {
  await drivers('boot 5')
  await earlyBoot('early boot 5')
  await compare('after everything')
}

const boots = [firstBoot, secondBoot, thirdBoot, rescueBoot, lastBoot]
await boots[Number(argv[2]) - 1]?.()
