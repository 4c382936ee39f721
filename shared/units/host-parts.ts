import { type Device, isBridge } from '../facts/pci.ts'

type Part = Pick<Device, 'address' | 'vendorId' | 'classId' | 'driver'>

/**
 * What processors and chipsets show of their inside, by class: memory and its channels, interrupt controllers, counters,
 * thermal sensors, the bus of the board's sensors. VFIO would take it; no guest has a use for it.
 */
const INSIDE: ReadonlyMap<string, RegExp> = new Map([
  ['8086', /^(05|080[0-47]|0880|0c05|1101|1180|1300|0000|ff00)/u],
  ['1022', /^(05|080[0-47]|0880|0c05|1101|1300)/u],
  ['1d94', /^(05|080[0-47]|0880|0c05|1101|1300)/u],
  // The chipsets ATI began, and AMD went on with.
  ['1002', /^0c05/u],
])

/** Intel's data streaming and analytics accelerators have the class of such a part, and are made to be handed out. */
const ACCELERATORS = /^(0b25|0cfe|11fb|1212)$/u

/** Returns whether a function is of the inside of processor or chipset, which is no unit of its own. */
export function isInside({ vendorId, deviceId, classId }: Pick<Device, 'vendorId' | 'deviceId' | 'classId'>): boolean {
  return INSIDE.get(vendorId)?.test(classId) === true && !(vendorId === '8086' && ACCELERATORS.test(deviceId))
}

/** AMD and Hygon, whose processors have parts of their own that look like devices. */
const PROCESSORS: ReadonlySet<string> = new Set(['1022', '1d94'])

/** Parts of the computer itself, by class (pci.ids) and by who made them. The first that fits is the one. */
const PARTS: readonly { fits: (part: Part) => boolean; words: string }[] = [
  { fits: ({ classId }) => classId.startsWith('0806'), words: 'it is the IOMMU itself' },
  {
    fits: ({ vendorId, classId }) => PROCESSORS.has(vendorId) && classId.startsWith('1080'),
    words: 'it is the security processor of the CPU (PSP), which firmware TPM and memory encryption hang on',
  },
  { fits: isManagementEngine, words: 'it is the management engine of the chipset (MEI)' },
  {
    fits: ({ vendorId, classId, address }) =>
      vendorId === '8086' && classId.startsWith('0c80') && /:00:1f\.\d$/u.test(address),
    words: 'it is the flash controller that the host’s own firmware lies behind',
  },
  // Before bridges in general: class 06 as well, and no bridge to anything.
  {
    fits: ({ vendorId, classId }) => vendorId === '10de' && classId.startsWith('0680'),
    words: 'it is an NVSwitch, which connects the GPUs of this host',
  },
  { fits: isBridge, words: 'it connects other devices' },
]

/** mei_me drives it; serial ports of the chipset have the same class, and intel-lpss (drivers/mfd/intel-lpss-pci.c). */
function isManagementEngine({ vendorId, classId, driver, address }: Part): boolean {
  if (driver === 'mei_me') return true
  return vendorId === '8086' && classId.startsWith('0780') && driver !== 'intel-lpss' && !/:(19|1e)\.\d$/u.test(address)
}

/** Returns what part of the computer itself a function is, e.g. `it is the IOMMU itself`; null: it is none. */
export function hostPart(part: Part): string | null {
  return PARTS.find(({ fits }) => fits(part))?.words ?? null
}
