import type { Rule } from '../rule.ts'
import { BOOT_RULES } from './boot.ts'
import { GROUP_RULES } from './groups.ts'
import { GUEST_RULES } from './guest.ts'
import { HOST_DRIVER_RULES } from './host-drivers.ts'
import { SHARING_RULES } from './looking-glass.ts'
import { MEMORY_RULES } from './memory.ts'
import { NETWORK_RULES } from './network.ts'
import { PLATFORM_RULES } from './platform.ts'
import { QEMU_RULES } from './qemu.ts'
import { RESET_RULES } from './reset.ts'

/** Every failure this program knows. */
export const RULES: readonly Rule[] = [
  ...PLATFORM_RULES,
  ...GROUP_RULES,
  ...HOST_DRIVER_RULES,
  ...BOOT_RULES,
  ...MEMORY_RULES,
  ...RESET_RULES,
  ...GUEST_RULES,
  ...NETWORK_RULES,
  ...QEMU_RULES,
  ...SHARING_RULES,
]
