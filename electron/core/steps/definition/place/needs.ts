import { newImage } from '#core/definition/disk/disk-file.ts'
import { settled } from '#core/definition/disk/settled.ts'
import { isProof } from '#core/definition/machine/profile.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeFile } from '#core/evidence.ts'
import { fail, manualFix, pass, unknown, warn } from '#core/steps/step.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { ImagePlace } from '#shared/facts/images/image-place.ts'
import type { ChosenDisk, VmDisk } from '#shared/vm/options/disk.ts'
import type { DiskPlace } from '#shared/vm/options/disk-place.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import type { Against } from './against.ts'
import { kindOfPlace } from './kinds.ts'
import { unfitWay } from './ways.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'written'>

/** A new image that is not to lie with the VM's files. */
interface Placed {
  number: number
  sizeGiB: number
  place: DiskPlace
  path: string
  /** It was made before; the guest may have written to it. */
  made: boolean
}

const GIB = 1024 ** 3
const MOUNTS = '/proc/self/mounts'
const FSTAB = '/etc/fstab'

/** Judges the directories that were chosen for new images. */
export function placeNeeds(about: About): Finding[] {
  const { definition } = about.choices
  if (isProof(definition)) return []
  const system = definition.disk === null ? [] : [{ number: 1, disk: definition.disk }]
  return [...system, ...definition.moreDisks].flatMap(({ number, disk }) => {
    const placed = placedOf(number, disk, about)
    return placed === null ? [] : placeNeed(placed, about)
  })
}

function placedOf(number: number, disk: ChosenDisk, { facts, choices, written }: About): Placed | null {
  if (disk.kind !== 'new' || disk.place === undefined) return null
  const { place } = asWritten(disk, number, { facts, choices, written })
  const path = newImage(choices.definition.name, disk, number)
  if (place === undefined) return null
  return { number, sizeGiB: disk.sizeGiB, place, path, made: (facts.files[`${path}.json`] ?? null) !== null }
}

function asWritten(disk: ChosenDisk, number: number, { facts, written }: About): { place?: DiskPlace | undefined } {
  const former = number === 1 ? written?.disk : written?.moreDisks.find((one) => one.number === number)?.disk
  const now: VmDisk = settled(disk, facts, former)
  return now.kind === 'new' ? now : {}
}

function placeNeed(placed: Placed, about: About): Finding[] {
  const { directory } = placed.place
  const found = about.facts.places[directory]
  const code = { code: 'definition-place', about: String(placed.number) } as const
  if (found === undefined || isUnknown(found)) {
    const why = found === undefined ? 'it was not looked at' : found.unknown
    return [unknown(code, `Whether images can lie in ${directory} is not known: ${why}.`, [citeFile(directory, why)])]
  }
  const bar = notMounted(placed, found) ?? unfitWay(placed.place, found, about) ?? readOnly(placed, found)
  if (bar !== null) return [fail(code, bar.text, [citeFile(bar.source, bar.quote)], manualFix(bar.advice))]
  const doubts = [notAtBoot(found), kindOfPlace(found), ...(placed.made ? [] : [room(placed, found)])]
  const warned = doubts.flatMap((doubt) =>
    doubt === null ? [] : [warn(code, doubt.text, [citeFile(doubt.source, doubt.quote)], manualFix(doubt.advice))],
  )
  return warned.length > 0 ? warned : [fine(placed, found)]
}

/** An image is never made in an empty mount point: it would hide there once its disk is mounted. */
function notMounted({ place: { directory, mount } }: Placed, { unmounted, mount: now }: ImagePlace): Against | null {
  const advice = (point: string) => `Mount it (mount ${point}), then check again.`
  if (unmounted !== null) {
    const text = `${directory} lies on what ${FSTAB} mounts at ${unmounted}, and that is not mounted now.`
    return { text, source: FSTAB, quote: unmounted, advice: advice(unmounted) }
  }
  if (mount === now.point) return null
  const text = `${directory} lay on what was mounted at ${mount} when step 8 was applied, and lies on ${now.point} now.`
  return { text, source: MOUNTS, quote: `${now.point} ${now.type}`, advice: advice(mount) }
}

function readOnly({ place: { directory } }: Placed, { mount }: ImagePlace): Against | null {
  if (!mount.readOnly) return null
  const text = `Nothing can be written to ${directory}: it is mounted read-only.`
  return { text, source: MOUNTS, quote: `${mount.point} ro`, advice: 'Mount it for writing, or choose another.' }
}

function notAtBoot({ atBoot, mount: { point, type } }: ImagePlace): Against | null {
  // Pools mount their own filesystems (zfs-mount.service(8)).
  if (atBoot || type === 'zfs') return null
  const text = `${point} is not mounted at boot by ${FSTAB}: after a reboot the VM does not start before somebody mounts it.`
  return { text, source: FSTAB, quote: `no ${point}`, advice: `Write a line for ${point} into ${FSTAB}.` }
}

function room({ sizeGiB, place: { directory } }: Placed, { freeBytes, mount }: ImagePlace): Against | null {
  if (freeBytes !== null && freeBytes >= (sizeGiB + 1) * GIB) return null
  const free = freeBytes === null ? null : Math.floor(freeBytes / GIB)
  const text =
    free === null
      ? `How much room there is in ${directory} is not known.`
      : `${directory} has ${free} GiB free, and the image may grow to ${sizeGiB} GiB: a guest on a full disk stops.`
  const quote = free === null ? 'not told' : `${free} GiB free`
  return {
    text,
    source: mount.point,
    quote,
    advice: 'Choose a smaller disk or another directory, or make room in time.',
  }
}

function fine({ number, path, made }: Placed, { mount }: ImagePlace): Finding {
  const text = made ? `The image ${path} was made.` : `The image is made at ${path}; only root can put another there.`
  const code = { code: 'definition-place', about: String(number) } as const
  return pass(code, text, [citeFile(MOUNTS, `${mount.point} ${mount.type}`)])
}
