import type { Change } from '../../shared/change.ts'
import type { Plan } from '../../shared/plan.ts'
import { shellQuote } from '../../shared/shell-quote.ts'

/** The plan as a shell script a person could read and run; the app itself never runs a shell. */
export function planScript(plan: Plan): string {
  if (plan.changes.length === 0) return ''
  const blocks = plan.changes.map(({ change, reason }) => [`# ${reason}`, ...commands(change)].join('\n'))
  return ['#!/bin/sh', 'set -eu', '', ...blocks.flatMap((block) => [block, ''])].join('\n')
}

function commands(change: Change): string[] {
  switch (change.kind) {
    case 'write-file':
      return writeCommands(change.path, change.text, change.mode)
    case 'rebuild-initramfs':
      return [change.tool === 'dracut' ? 'dracut -f --regenerate-all' : 'update-initramfs -u -k all']
    case 'update-bootloader':
      return [
        change.tool === 'update-grub' ? 'update-grub' : `grub2-mkconfig -o ${shellQuote(change.outputs[0] ?? '')}`,
      ]
    case 'load-module':
      return [`modprobe ${change.module}`]
    case 'override-driver':
      return [`echo ${change.override} > /sys/bus/pci/devices/${change.address}/driver_override`]
    case 'bind-driver':
      return [
        ...(change.expected.driver === null
          ? []
          : [`echo ${change.address} > /sys/bus/pci/devices/${change.address}/driver/unbind`]),
        `echo ${change.address} > /sys/bus/pci/drivers_probe`,
      ]
    case 'grant-device-access':
      return [`chown ${change.uid} /dev/vfio/${change.group}`]
    case 'build-proof-guest':
      return [
        `# copies ${change.kernel} and ${change.initrd} to ${change.directory} and appends one script; done by the app`,
      ]
    case 'create-disk-image':
      return [
        `qemu-img create -q -f ${change.format} ${shellQuote(change.path)} ${change.sizeGiB}G`,
        ...ownCommands(change),
      ]
    case 'copy-firmware-vars':
      return [`cp ${shellQuote(change.template)} ${shellQuote(change.path)}`, ...ownCommands(change)]
  }
}

function ownCommands({ path, uid, gid }: { path: string; uid: number; gid: number }): string[] {
  return [`chown ${uid}:${gid} ${shellQuote(path)}`, `chmod 600 ${shellQuote(path)}`]
}

function writeCommands(path: string, text: string, mode: number): string[] {
  const directory = path.slice(0, path.lastIndexOf('/'))
  return [
    `mkdir -p ${shellQuote(directory)}`,
    `cat > ${shellQuote(path)} <<'END-OF-FILE'`,
    text.replace(/\n$/u, ''),
    'END-OF-FILE',
    `chmod ${mode.toString(8)} ${shellQuote(path)}`,
  ]
}
