import type { Facts } from '#shared/facts/facts.ts'

type Needed = 'qemu' | 'uefi'

/** Families in which packages are named alike; the last is everybody else. */
type Family = 'proxmox' | 'nixos' | 'others'

const PACKAGES: Readonly<Record<Family, Readonly<Record<Needed, string>>>> = {
  // Proxmox VE's own QEMU and firmware conflict with Debian's.
  proxmox: { qemu: 'the package pve-qemu-kvm', uefi: 'the package pve-edk2-firmware, not Debian’s ovmf' },
  nixos: {
    qemu: 'QEMU by the lines for NixOS on this page',
    uefi: 'QEMU by the lines for NixOS on this page, which comes with its firmware',
  },
  others: {
    qemu: 'the package qemu-system-x86 (Debian, Ubuntu) or qemu-kvm (Fedora, RHEL)',
    uefi: 'the package ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, RHEL, Arch)',
  },
}

/** Returns what a person installs on this host to have that, as the end of a sentence that begins with "Install". */
export function packageOf({ host }: Facts, needed: Needed): string {
  const family = host.proxmox ? 'proxmox' : host.osId === 'nixos' ? 'nixos' : 'others'
  return PACKAGES[family][needed]
}
