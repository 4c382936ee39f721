import { archGrub, archOldPresets, archSystemdBoot, archUki, archUkiCmdlineD } from './arch.ts'
import type { Distro } from './base.ts'
import {
  debianDracutUki,
  debianGrub,
  debianGrubDracut,
  debianSystemdBoot,
  debianUki,
  popOs,
  proxmox,
  proxmoxGrub,
} from './debian.ts'
import { atomic, fedora, rhel7, rhel9 } from './fedora.ts'
import { openSuse, tumbleweed } from './others.ts'

/** One for each pair of boot loader and initramfs generator that steps 3 and 5 change. */
export const PAIRS: readonly Distro[] = [
  ...[debianGrub, debianGrubDracut, debianSystemdBoot, debianUki, debianDracutUki, fedora, rhel7, rhel9],
  ...[archGrub, archOldPresets, archSystemdBoot, archUki, archUkiCmdlineD],
  ...[popOs, openSuse, tumbleweed, atomic, proxmox, proxmoxGrub],
]
