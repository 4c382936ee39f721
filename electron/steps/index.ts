import { bind } from './bind.ts'
import { boot } from './boot.ts'
import { gpu } from './gpu.ts'
import { kernel } from './kernel.ts'
import { launch } from './launch.ts'
import { machine } from './machine.ts'
import { network } from './network.ts'
import { platform } from './platform.ts'
import type { Step } from './step.ts'
import { verify } from './verify.ts'

/** The nine steps, in the order of the paper. */
export const STEPS: readonly Step[] = [platform, kernel, boot, gpu, bind, verify, network, machine, launch]
