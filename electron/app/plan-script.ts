import { OWN_FILES } from '#shared/base/own-files.ts'
import { shellQuote, shellWords } from '#shared/base/shell-quote.ts'
import { HUGE_PAGE_LIMIT } from '#shared/facts/huge-pages.ts'
import { NM_BRIDGE_UUID } from '#shared/facts/network.ts'
import type { Change, ChangeOf } from '#shared/plan/change.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { kernelArgsCommand, regenerateCommand } from '#shared/plan/tool-command.ts'

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
    case 'update-bootloader':
      return [shellWords(regenerateCommand(change))]
    case 'kernel-args':
      return [shellWords(kernelArgsCommand(change, 'add'))]
    case 'load-module':
      return [`modprobe ${change.module}`]
    case 'override-driver':
      return [`echo ${change.override} > /sys/bus/pci/devices/${change.address}/driver_override`]
    case 'bind-driver':
      return bindCommands(change)
    case 'grant-device-access':
      return [`chown ${change.uid} /dev/vfio/${change.group}`]
    case 'grant-node-access':
      return [`chown ${change.uid} ${change.node}`]
    case 'build-proof-guest':
      return [
        `# copies ${change.kernel} and ${change.initrd} to ${change.directory} and appends one script; done by the app`,
      ]
    case 'guard-network':
      return [
        `# the app has systemd take the rest back after ${change.seconds} s; there is no such guard when run by hand`,
        ...letGo(change),
      ]
    case 'switch-network':
      return takeUp(change)
    case 'create-tap':
      return [
        `ip tuntap add dev ${change.name} mode tap user ${change.uid} vnet_hdr`,
        `ip link set dev ${change.name} master ${change.bridge} up`,
      ]
    case 'create-disk-image':
      return [
        `qemu-img create -q -f ${change.format} ${shellQuote(change.path)} ${change.sizeGiB}G`,
        ...ownCommands(change),
      ]
    case 'copy-firmware-vars':
      return [`cp ${shellQuote(change.template)} ${shellQuote(change.path)}`, ...ownCommands(change)]
    case 'reserve-huge-pages':
      return [`echo ${change.pages} > ${HUGE_PAGE_LIMIT}`]
  }
}

function bindCommands({ address, expected }: ChangeOf<'bind-driver'>): string[] {
  const release = expected.driver === null ? [] : [`echo ${address} > /sys/bus/pci/devices/${address}/driver/unbind`]
  return [...release, `echo ${address} > /sys/bus/pci/drivers_probe`]
}

function letGo({ manager, uplink }: ChangeOf<'guard-network'>): string[] {
  return manager === 'ifupdown' ? [`ifdown ${uplink}`] : []
}

function takeUp({ manager, bridge }: ChangeOf<'switch-network'>): string[] {
  switch (manager) {
    case 'NetworkManager':
      return [
        `nmcli connection load ${OWN_FILES.nmBridge} ${OWN_FILES.nmPort}`,
        `nmcli --wait 40 connection up uuid ${NM_BRIDGE_UUID}`,
      ]
    case 'systemd-networkd':
      return ['networkctl reload']
    case 'ifupdown':
      return [`ifup ${bridge}`]
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
