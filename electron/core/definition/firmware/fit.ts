import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import { varsFile } from './vars-file.ts'

/**
 * How long the variables of OVMF are for each length of its code; both are one image, cut in two (edk2,
 * OvmfPkg/Include/Fdf/OvmfPkgDefines.fdf.inc: images of 1, 2 and 4 MiB).
 */
const VARS_OF_CODE: ReadonlyMap<number, number> = new Map([
  [0xe_0000, 0x2_0000],
  [0x1e_0000, 0x2_0000],
  [0x37_c000, 0x8_4000],
])

const kib = (bytes: number) => `${bytes / 1024} KiB`

interface About {
  /** The VM's name. */
  name: string
  firmware: VmFirmware
  facts: Pick<Facts, 'flashes'>
  qemu: Pick<QemuFacts, 'firmware'>
}

/**
 * Says why a VM must not start with this code and these variables; null: nothing speaks against it. QEMU itself starts
 * with any two: the guest loses its variables without a word, or the firmware crashes.
 */
export function firmwareTrouble(about: About): string | null {
  return otherCode(about) ?? otherSize(about) ?? otherKind(about)
}

function lengthOf(path: string, { facts: { flashes } }: About): number | null {
  const file = flashes[path]
  return file === undefined || file === null || isUnknown(file) ? null : file.bytes
}

/** The code that the VM was made with is gone, or another one lies in its place. */
function otherCode(about: About): string | null {
  const { code, made } = about.firmware
  if (about.facts.flashes[code] === null) return `The UEFI that this VM was made with, ${code}, is not there any more.`
  const now = lengthOf(code, about)
  if (made === undefined || now === null || now === made.code.bytes) return null
  return `${code} is another UEFI than this VM was made with: ${kib(now)} instead of ${kib(made.code.bytes)}.`
}

/** The variables that the VM has, or would get. */
function otherSize(about: About): string | null {
  const { code, varsTemplate, made } = about.firmware
  const store = varsFile(about.name, about.firmware)
  const own = lengthOf(store, about)
  const [path, bytes] = own === null ? [varsTemplate, lengthOf(varsTemplate, about)] : [store, own]
  const codeBytes = lengthOf(code, about)
  const fitting = codeBytes === null ? undefined : (VARS_OF_CODE.get(codeBytes) ?? made?.vars.bytes)
  if (fitting === undefined || codeBytes === null || bytes === null || bytes === fitting) return null
  return `${code} (${kib(codeBytes)}) needs variables of ${kib(fitting)}, and ${path} has ${kib(bytes)}: they are of different UEFI images.`
}

/** Code that guards its variables, and variables with keys, belong to each other. */
function otherKind(about: About): string | null {
  return otherCodeKind(about) ?? otherStoreKind(about)
}

function otherCodeKind({ firmware: { code, smm }, qemu }: About): string | null {
  const named = qemu.firmware.filter((one) => one.code === code)
  if (named.length === 0 || named.some(({ features }) => features.includes('requires-smm') === smm)) return null
  const [is, was] = smm ? ['without', 'with'] : ['with', 'without']
  return `${code} is UEFI ${is} guarded variables, and this VM was made for one ${was}.`
}

function otherStoreKind({ firmware: { varsTemplate, secureBoot, vars, enrolled }, qemu }: About): string | null {
  const named = qemu.firmware.filter((one) => one.varsTemplate === varsTemplate)
  const inTemplate = secureBoot && enrolled !== true
  const fits = named.length === 0 || named.some((one) => one.features.includes('enrolled-keys') === inTemplate)
  const store = vars === undefined || vars.startsWith('vars-secure') === secureBoot ? null : vars
  if (fits && store === null) return null
  const [held, needed] = secureBoot ? ['no keys', 'with'] : ['keys of Secure Boot', 'without']
  return `${store ?? varsTemplate} holds ${held}, and this VM has UEFI ${needed} Secure Boot.`
}
