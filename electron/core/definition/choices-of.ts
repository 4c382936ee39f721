import { NO_PROOFS } from '#shared/facts/proofs.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { PICTURE_SIZES } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import type { SavedVm } from '#shared/wizard/saved-vm.ts'
import { sharedPictureMiB } from './memory/size.ts'

type Picture = NonNullable<SavedVm['definition']['lookingGlass']>

/** Smallest first, with the largest in HDR as well; the definition keeps only the memory for one. */
const PICTURES: readonly Picture[] = [
  ...PICTURE_SIZES.map((size) => ({ ...size, hdr: false })),
  ...PICTURE_SIZES.slice(-1).map((size) => ({ ...size, hdr: true })),
]

/**
 * The choices that lead to a definition somebody else wrote, so that the wizard can go on from it. How the guest is
 * seen and which bridge it joins stand nowhere in it and are decided anew.
 */
export function choicesFrom(definition: VmDefinition): SavedVm {
  const { network, launch } = DEFAULT_CHOICES
  return {
    definition: machineOf(definition),
    network: definition.network.kind === 'user' ? network : { ...network, mode: 'bridge' },
    launch,
    proofs: NO_PROOFS,
  }
}

function machineOf(definition: VmDefinition): SavedVm['definition'] {
  const { name, profile, memoryMiB, cpu, firmware, disk, installIso, driverIso, tpm, screen } = definition
  const proof = profile === 'proof-guest'
  return {
    name,
    profile,
    memoryMiB,
    vcpus: cpu.cores * cpu.threads,
    pin: definition.pinning !== null,
    ...{ disk, installIso, driverIso, tpm, screen },
    secureBoot: firmware?.secureBoot ?? null,
    bios: !proof && firmware === null,
    audio: definition.audio ?? 'none',
    extraDevices: definition.extraDevices,
    lookingGlass: pictureOf(definition.lookingGlassMiB),
    usb: definition.usbDevices,
    evdev: definition.inputDevices.map(({ path }) => path),
    hugePages: definition.hugePages,
    // What would be decided anyhow was not chosen.
    spice: definition.spice === (definition.lookingGlassMiB !== null) ? null : definition.spice,
    setApart: definition.setApart,
  }
}

/** The largest common picture that fits. */
function pictureOf(sizeMiB: number | null): Picture | null {
  if (sizeMiB === null) return null
  return PICTURES.findLast((picture) => sharedPictureMiB(picture) <= sizeMiB) ?? PICTURES[0] ?? null
}
