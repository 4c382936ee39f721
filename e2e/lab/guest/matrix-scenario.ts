import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { release } from 'node:os'
import { argv } from 'node:process'
import { execa } from 'execa'
import { note } from './evidence.ts'
import { compare, drivers, reboot, remember, studio } from './verbs.ts'

/** Kernel messages that tell who took the card and when the initramfs was done. Time stamps are seconds. */
const TELLING = /bochs|snd_hda_intel|vfio-pci|EXT4-fs \(vda\d\): mounted filesystem/u

/** Who took the card in this boot, whether the host's driver was there to take it, and our early rule's own note. */
async function earlyBoot(what: string): Promise<void> {
  const { stdout } = await execa('dmesg', [])
  const modules = await readFile('/proc/modules', 'utf8')
  const early = await readFile('/run/passthrough-studio/early-bind', 'utf8').catch(() => null)
  await note(what, {
    messages: stdout.split('\n').filter((line) => TELLING.test(line)),
    competitors: ['bochs', 'snd_hda_intel'].filter((name) => modules.includes(`${name} `)),
    early,
  })
}

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
