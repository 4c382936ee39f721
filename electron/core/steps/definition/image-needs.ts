import { imageAt, otherFormat } from '#core/definition/disk/image-format.ts'
import { settled, settledMore } from '#core/definition/disk/settled.ts'
import { biosAsked, imageStart, usesBios } from '#core/definition/firmware/bios.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeFile } from '#core/evidence.ts'
import { shellQuote } from '#shared/base/shell-quote.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { VmDisk } from '#shared/vm/options/disk.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, manualFix, pass, warn } from '../step.ts'

type Image = Extract<VmDisk, { kind: 'image' }>
type About = Pick<OptionContext, 'facts' | 'choices' | 'written'>

const HOW = { uefi: 'UEFI', bios: 'BIOS' } as const

/** Judges whether the system on an existing image is started as it was installed. */
export function imageStarts(about: About): Finding | null {
  const { disk } = about.choices.definition
  const startsBy = imageStart(about)
  if (disk?.kind !== 'image' || startsBy === null) return null
  const seen = [citeFile(disk.path, `partition table: ${startsBy}`)]
  if (biosAsked(about) && about.choices.definition.bios === null) {
    const text = `How the system on ${disk.path} starts cannot be told: its partition table does not say.`
    return fail('definition-boot', text, seen, manualFix('Say below whether it was installed with UEFI or with BIOS.'))
  }
  return startsBy === 'uefi' || startsBy === 'bios' ? otherStart(disk.path, startsBy, about) : null
}

function otherStart(path: string, startsBy: 'uefi' | 'bios', about: About): Finding | null {
  const has = usesBios(about) ? 'bios' : 'uefi'
  if (startsBy === has) return null
  const text = `The system on ${path} starts by ${HOW[startsBy]}, and this VM has ${HOW[has]}: it will not start.`
  const advice = startsBy === 'bios' ? 'Choose SeaBIOS instead of UEFI; Windows 11 cannot have it.' : 'Choose UEFI.'
  return warn('definition-boot', text, [citeFile(path, `partition table: ${startsBy}`)], manualFix(advice))
}

/** Judges an existing disk image: that the VM's user can open it, and that it is taken as what it is. */
export function imageNeeds(about: About): Finding[] {
  const { disk, moreDisks } = about.choices.definition
  const system = disk === null ? null : settled(disk, about.facts, about.written?.disk)
  const more = moreDisks.map((one) => settledMore(one, about.facts, about.written).disk)
  return [system, ...more].flatMap((one) =>
    one?.kind === 'image' ? [imageNeed(one, about), ...copiedOnWrite(one.path, about)] : [],
  )
}

/** btrfs puts what a guest rewrites elsewhere: the image falls to pieces, and past the host's cache its sums may fail. */
function copiedOnWrite(path: string, about: About): Finding[] {
  const image = imageAt(path, about.facts)
  if (image?.copiedOnWrite !== true) return []
  const text = `${path} lies on btrfs, which writes each changed block elsewhere: it gets slower with time, and errors of checksums may be told of it.`
  const copy = shellQuote(`${path}.new`)
  const advice = `Copy it while the VM is off, as chattr +C works on an empty file alone: touch ${copy} && chattr +C ${copy} && cat ${shellQuote(path)} > ${copy}. Then choose the copy.`
  return [warn('definition-image', text, [citeFile(path, 'lsattr: no C')], manualFix(advice))]
}

function imageNeed(disk: Image, about: About): Finding {
  const image = imageAt(disk.path, about.facts)
  return image === null ? notThere(disk.path, about) : (unfit(disk, image, about) ?? fits(disk.path, image))
}

function notThere(path: string, { facts: { images } }: About): Finding {
  const found = images[path]
  const known = isUnknown(found)
  const text = known
    ? `${path} cannot be opened: ${found.unknown}.`
    : `${path} is not there, or the VM’s user may not look into its directory.`
  const seen = [citeFile(path, known ? found.unknown : null)]
  return fail(
    'definition-disk',
    text,
    seen,
    manualFix('Give the VM’s user the image and every directory above it, or choose another.'),
  )
}

function fits(path: string, { kind, backing }: ImageFile): Finding {
  const below = backing.length === 0 ? '' : ` It rests on ${backing.map((one) => one.path).join(', ')}.`
  return pass('definition-disk', `${path} is ${kind}, and the VM’s user may write to it.${below}`, [
    citeFile(path, kind),
  ])
}

function unfit(disk: Image, image: ImageFile, about: About): Finding | null {
  const { path } = disk
  const { kind, writable, backing } = image
  const say = (text: string, advice: string) => fail('definition-disk', text, [citeFile(path, kind)], manualFix(advice))
  if (kind !== 'qcow2' && kind !== 'raw')
    return say(
      `${path} is an image in ${kind}, which a VM of this program cannot have.`,
      `Convert a copy: qemu-img convert -O qcow2 ${shellQuote(path)} NEW.qcow2`,
    )
  const lost = backing.find(({ there }) => !there)
  if (lost !== undefined)
    return say(
      `${path} rests on ${lost.path}, which is not there, or which the VM’s user may not read.`,
      'Bring it back, or say where it is now: qemu-img rebase -u -b PLACE -F FORMAT IMAGE',
    )
  if (!writable) return say(`The VM’s user may not write to ${path}.`, 'Give it to that user, or choose another.')
  const other = otherFormat(disk, about.facts)
  if (other === null) return null
  return say(
    `${path} is ${other} by its first bytes, and this VM takes it as ${disk.format}: the guest would see something else than its disk.`,
    `Take it as ${other} below. Not if the guest has run with it as ${disk.format} since: it could have written that itself.`,
  )
}
