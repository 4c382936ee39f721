import { bind } from './bind/bind.ts'
import { boot } from './boot/boot.ts'
import { cards } from './cards/cards.ts'
import { definition } from './definition/definition.ts'
import { kernel } from './kernel/kernel.ts'
import { launch } from './launch/launch.ts'
import { network } from './network/network.ts'
import { platform } from './platform/platform.ts'
import type { Step } from './step.ts'
import { verify } from './verify/verify.ts'

/** The nine steps, in the order of the paper. */
export const STEPS: readonly Step[] = [platform, kernel, boot, cards, bind, verify, network, definition, launch]
