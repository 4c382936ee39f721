import { archGrub, archOldPresets, archSystemdBoot, archUki } from './arch.ts'
import type { Distro } from './base.ts'
import { debianGrub, debianGrubDracut, debianSystemdBoot, popOs, proxmox, proxmoxGrub } from './debian.ts'
import { atomic, fedora, rhel7 } from './fedora.ts'
import { openSuse, tumbleweed } from './others.ts'

/** One for each pair of boot loader and initramfs generator that steps 3 and 5 change. */
export const PAIRS: readonly Distro[] = [
  ...[debianGrub, debianGrubDracut, debianSystemdBoot, fedora, rhel7],
  ...[archGrub, archOldPresets, archSystemdBoot, archUki],
  ...[popOs, openSuse, tumbleweed, atomic, proxmox, proxmoxGrub],
]
