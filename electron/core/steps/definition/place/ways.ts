import { vmUser } from '#core/definition/definition.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { othersMayChange } from '#shared/base/roots-alone.ts'
import type { User } from '#shared/facts/facts.ts'
import type { ImagePlace, WayPart } from '#shared/facts/images/image-place.ts'
import type { DiskPlace } from '#shared/vm/options/disk-place.ts'
import type { Against } from './against.ts'

/** Returns which directory on the way to a place keeps root from making an image, or the VM's user from it; null: none. */
export function unfitWay(
  { directory }: DiskPlace,
  { ways }: ImagePlace,
  { facts }: Pick<OptionContext, 'facts'>,
): Against | null {
  const open = ways.map((part) => openToOthers(part)).find((one) => one !== null) ?? null
  if (open !== null) return open
  const last = ways.at(-1)?.path ?? '/'
  if (last !== directory)
    return {
      text: `${directory} is not there.`,
      source: directory,
      quote: `nothing below ${last}`,
      advice: `Make it as root: mkdir -p ${directory}`,
    }
  const user = vmUser(facts)
  return user === null ? null : (ways.map((part) => closedTo(user, part)).find((one) => one !== null) ?? null)
}

function openToOthers(part: WayPart): Against | null {
  const why = othersMayChange(part)
  if (why === null) return null
  const { path } = part
  return {
    text: `Root makes no image in a directory on whose way ${path} ${why}: somebody could put another there.`,
    source: path,
    quote: stateWords(part),
    advice: `Choose a directory that is root’s alone. Or make the image yourself, as the VM’s user (qemu-img create -f qcow2 FILE 64G), and choose it as an existing image.`,
  }
}

function closedTo({ name, uid, gid }: User, part: WayPart): Against | null {
  const bit = part.uid === uid ? 0o100 : part.gid === gid ? 0o010 : 0o001
  if ((part.mode & bit) !== 0) return null
  const text = `${name}, as whom the VM runs, may not look into ${part.path}.`
  return { text, source: part.path, quote: stateWords(part), advice: `As root: chmod o+x ${part.path}` }
}

function stateWords({ kind, uid, gid, mode }: WayPart): string {
  return `${kind} of ${uid}:${gid}, mode ${mode.toString(8).padStart(4, '0')}`
}
