import type { AtStart } from '#shared/vm/options/at-start.ts'
import { PLAIN_VM } from '#shared/vm/vm.fixture.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

export const GPU = '0000:01:00.0'
export const SOUND = '0000:01:00.1'

/** What the script under test takes: a card of two functions behind a root port, its login screen stopped. */
const AT_START: AtStart = {
  functions: [
    { address: SOUND, vendorId: '8086', deviceId: '2668', way: '0000:00:01.0/00.1' },
    { address: GPU, vendorId: '1234', deviceId: '1111', way: '0000:00:01.0/00.0' },
  ],
  stop: ['display-manager.service', 'nvidia-persistenced.service'],
  minutes: null,
}

/** The VM around which the script under test works. */
export const VM: VmDefinition = { ...PLAIN_VM, functions: [GPU, SOUND], atStart: AT_START }
