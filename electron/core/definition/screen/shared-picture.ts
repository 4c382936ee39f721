import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import { PICTURE_SIZES, type SharedPicture } from '#shared/vm/options/screen.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { at } from '../hardware/root-bus.ts'
import { type ArgumentContext, type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { Choice } from '../topic.ts'

/** Bytes of a line are a multiple of this. */
const LINE_BYTES = 256

/**
 * Shared memory for Looking Glass in MiB: three frames of the largest picture, 4 bytes a pixel also in HDR, 4 MiB of
 * its own, and up to a power of two, without which QEMU aborts (Looking Glass documentation of August 2026,
 * "Determining memory").
 */
export function sharedPictureMiB({ width, height }: SharedPicture): number {
  const line = Math.ceil((width * 4) / LINE_BYTES) * LINE_BYTES
  const frames = (line * height * 3) / 1_048_576
  return 2 ** Math.ceil(Math.log2(frames + 4))
}

/** The memory of kvmfr where its module is loaded with room for this picture, else a file of the VM's own. */
export function sharedPictureOf(
  { peripherals }: Facts,
  choice: Choice,
): Pick<VmDefinition, 'lookingGlassMiB' | 'kvmfr'> {
  if (choice.lookingGlass === null) return { lookingGlassMiB: null, kvmfr: false }
  const needed = sharedPictureMiB(choice.lookingGlass)
  const size = peripherals.kvmfr === null || isUnknown(peripherals.kvmfr) ? 0 : peripherals.kvmfr.sizeMiB
  return size >= needed ? { lookingGlassMiB: size, kvmfr: true } : { lookingGlassMiB: needed, kvmfr: false }
}

/** Where the picture lies that these choices lead to. */
export function sharedPicturePlace(facts: Facts, choice: Choice): string {
  return sharedPictureOf(facts, choice).kvmfr ? KVMFR_NODE : vmPaths(choice.name).sharedPicture
}

/** The largest common picture that fits. */
export function pictureIn(sizeMiB: number | null): SharedPicture | null {
  if (sizeMiB === null) return null
  return PICTURE_SIZES.findLast((picture) => sharedPictureMiB(picture) <= sizeMiB) ?? PICTURE_SIZES[0]
}

/** Memory that guest and host share, for the picture of Looking Glass. The dry start leaves the host's kvmfr alone. */
export function sharedPictureArguments({ definition, paths, withHost }: ArgumentContext): ArgumentGroup[] {
  const { lookingGlassMiB, kvmfr } = definition
  if (lookingGlassMiB === null || (kvmfr && !withHost)) return []
  const path = kvmfr ? KVMFR_NODE : optionValue(paths.sharedPicture)
  return [
    {
      reason: 'Looking Glass: memory shared with the guest; its size is a power of two.',
      args: [
        '-object',
        `memory-backend-file,id=picture,share=on,mem-path=${path},size=${lookingGlassMiB}M`,
        '-device',
        `ivshmem-plain,memdev=picture${at(definition, 'picture')}`,
      ],
    },
  ]
}
