import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { argv } from 'node:process'
import { execa } from 'execa'
import { compare, drivers, earlyBoot, reboot, remember, studio } from './verbs.ts'

/** The image's menu was written from outside; the machine's own tool writes it once before anything is compared. */
async function firstBoot(): Promise<void> {
  if (existsSync('/etc/default/grub')) await execa('update-grub')
  else await execa('kernel-install', ['add', release(), `/boot/vmlinuz-${release()}`])
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
  await studio('undo', '--all')
  await compare('undone')
  await reboot()
}

async function fourthBoot(): Promise<void> {
  await drivers('boot 4')
  await earlyBoot('early boot 4')
  await compare('after everything')
}

const boots = [firstBoot, secondBoot, thirdBoot, fourthBoot]
await boots[Number(argv[2]) - 1]?.()
