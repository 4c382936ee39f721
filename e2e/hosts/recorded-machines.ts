import type { Description } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { largeServer } from './large-server.ts'
import { descriptionOf, readMachineFiles } from './machine.ts'
import type { Truth } from './machine-file.ts'

export interface RecordedMachine {
  name: string
  description: Description
  truth: Truth
}

const CARD = { functions: ['0000:04:00.0', '0000:04:00.1'], foreign: [], identical: [] }

/** VT-d is on in firmware and the argument is missing: the state in which the paper starts. */
const PAPER: RecordedMachine = {
  name: 'paper-workstation',
  description: PAPER_WORKSTATION,
  truth: {
    platform: 'kernel-off',
    interruptRemapping: null,
    gpus: [
      { address: '0000:04:00.0', status: 'needs-work', reasons: ['boot-vga', 'held-by-host', 'no-group'], ...CARD },
    ],
  },
}

/** Every machine of this collection with what a correct tool concludes about it. */
export function recordedMachines(): RecordedMachine[] {
  const files = [...readMachineFiles(), largeServer(400)]
  return [PAPER, ...files.map((file) => ({ name: file.name, description: descriptionOf(file), truth: file.truth }))]
}
