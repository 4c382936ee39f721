import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { WholeDisk } from '#shared/facts/peripherals.ts'
import { controllersOf } from './claims/storage.ts'
import { findInUse, type InUse } from './in-use.ts'
import { listOrEmpty } from './listed.ts'
import { udevEntry, word } from './udev.ts'

const BLOCK = '/sys/class/block'

/** Signatures of what only the host can put together: LVM, RAID, ZFS, bcache, Ceph, DRBD (blkid's names). */
const MEMBER = /_raid_member$|^(LVM2_member|LVM1_member|zfs_member|bcache|ceph_bluestore|drbd)$/u

/** A block device with the names of its partitions. */
interface Place {
  name: string
  at: string
  partitions: string[]
}

/**
 * Whole disks with the reason why a VM may not have one. Anything that is mounted, holds swap, is part of LVM, RAID
 * or ZFS, or of which that cannot be told, is refused. Read by the app, and again by the helper.
 */
export async function findDisks(reader: Reader, use = findInUse(reader)): Promise<OrUnknown<WholeDisk[]>> {
  const listed = await reader.list(BLOCK)
  if (listed.kind === 'denied') return unknownBecause(`${BLOCK} cannot be read`)
  const used = await use
  const places = await placesOf(reader, listed.kind === 'names' ? listed.names : [])
  return Promise.all(places.map((place) => disk(reader, place, used)))
}

/** Disks on a bus; NVMe with several paths hangs on a virtual subsystem. Optical and floppy drives are none. */
async function placesOf(reader: Reader, names: readonly string[]): Promise<Place[]> {
  const places: Place[] = []
  const links = new Map<string, string>()
  for (const name of names) {
    const link = await reader.link(`${BLOCK}/${name}`)
    if (link.kind === 'target') links.set(name, link.target)
  }
  for (const [name, at] of links) {
    const parent = at.split('/').at(-2) ?? ''
    const onBus = !at.includes('/devices/virtual/') || at.includes('/nvme-subsystem/')
    if (links.has(parent) || !onBus || /^(sr|fd|loop|ram|zram|nbd)\d/u.test(name)) continue
    const partitions = [...links].filter(([, other]) => other.startsWith(`${at}/`)).map(([part]) => part)
    places.push({ name, at, partitions })
  }
  return places
}

async function disk(reader: Reader, place: Place, used: OrUnknown<InUse[]>): Promise<WholeDisk> {
  const { name } = place
  const [sectors, model, number] = await Promise.all(
    ['size', 'device/model', 'dev'].map((file) => word(reader, `${BLOCK}/${name}/${file}`)),
  )
  const entry = number === null || number === undefined ? null : await udevEntry(reader, 'b', number)
  // ATA and SCSI names first: wwn- and eui. links say nothing to a person.
  const ids = (entry?.links ?? []).filter((link) => link.startsWith('disk/by-id/'))
  const link = ids.find((id) => !/\/(wwn-|nvme-eui\.|nvme-nvme\.)/u.test(id)) ?? ids[0]
  const node = `/dev/${name}`
  return {
    name,
    model: model ?? null,
    // sysfs counts in units of 512 bytes whatever the disk's sectors are (Documentation/ABI/stable/sysfs-block).
    sizeBytes: Number(sectors ?? 0) * 512,
    path: link === undefined ? null : `/dev/${link}`,
    node,
    nodeUid: await reader.owner(node),
    use: await useOf(reader, place, used),
  }
}

async function useOf(reader: Reader, place: Place, used: OrUnknown<InUse[]>): Promise<string | null> {
  if (isUnknown(used)) return `What the host has mounted cannot be told: ${used.unknown}.`
  const own = used.find(({ at }) => at === place.at || at.startsWith(`${place.at}/`))
  if (own !== undefined) return `The host needs it: ${own.why}.`
  for (const block of [place.name, ...place.partitions]) {
    const why = (await heldBy(reader, block)) ?? (await memberOf(reader, block))
    if (why !== null) return why
  }
  return ownFlaws(reader, place)
}

async function heldBy(reader: Reader, block: string): Promise<string | null> {
  const [holder] = await listOrEmpty(reader, `${BLOCK}/${block}/holders`)
  return holder === undefined ? null : `${holder} of the host is built on it (/dev/${block}).`
}

/** An unreadable signature may be any, so it refuses too. A disk udev knows without one has none. */
async function memberOf(reader: Reader, block: string): Promise<string | null> {
  const number = await word(reader, `${BLOCK}/${block}/dev`)
  const entry = number === null ? null : await udevEntry(reader, 'b', number)
  if (entry === null) return `What is on /dev/${block} cannot be told: udev does not say.`
  const type = entry.properties.get('ID_FS_TYPE') ?? ''
  return MEMBER.test(type) ? `It is a member of the host’s ${type.replace(/_member$/u, '')} (/dev/${block}).` : null
}

async function ownFlaws(reader: Reader, { name }: Place): Promise<string | null> {
  const kernel = await reader.exclusive?.(`/dev/${name}`)
  if (kernel?.kind === 'in-use') return 'The kernel itself uses it, be it in another mount namespace.'
  const [sectors, readOnly] = [await word(reader, `${BLOCK}/${name}/size`), await word(reader, `${BLOCK}/${name}/ro`)]
  if (sectors === null || sectors === '0') return 'It has no medium.'
  return readOnly === '1' ? 'It is read-only.' : null
}

/** Names of the disks and partitions that hang on a PCI function, and of what is built on them. */
export async function blocksOn(reader: Reader, address: string): Promise<string[]> {
  return (await blocksByFunction(reader)).get(address) ?? []
}

/** The same of all functions, by address. */
export async function blocksByFunction(reader: Reader): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const names = await listOrEmpty(reader, BLOCK)
  const controllers = await Promise.all(names.map((name) => controllersOf(reader, name, 0)))
  names.forEach((name, index) => {
    for (const address of controllers[index] ?? []) found.set(address, [...(found.get(address) ?? []), name])
  })
  return found
}
