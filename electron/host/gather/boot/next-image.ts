import type { Host } from '#host/host.ts'
import { imageContents } from '#host/probe/boot-image/contents.ts'
import { deploymentImage, nextDeployment } from '#host/probe/boot-image/deployment.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { readWord } from '#host/read.ts'
import type { FileStamp } from '#shared/base/file-stamp.ts'
import { EARLY_RULES } from '#shared/base/own-files.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { NextImage } from '#shared/facts/boot/boot-image.ts'
import type { BootEntry, FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import { partitionOf } from '#shared/facts/boot/loader-entry.ts'
import { UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import type { Facts } from '#shared/facts/facts.ts'

/** Listing an image takes seconds, so each version of it is looked into once. */
const looked = new WeakMap<Host, { version: string; contents: NextImage['contents'] }>()

/**
 * Looks into the image that boots by default. Null where no rule of step 5 is written, and nobody needs to know; or where
 * only a text is known of the host.
 */
export async function gatherNextImage(
  host: Host,
  loaders: readonly FoundLoader[],
): Promise<Facts['boot']['nextImage']> {
  const rules = await Promise.all(EARLY_RULES.map((path) => host.read(path)))
  if (rules.every(({ kind }) => kind !== 'text')) return null
  return beforeRecorded(() => look(host, loaders), null)
}

async function look(host: Host, loaders: readonly FoundLoader[]): Promise<NextImage> {
  const path = await imagePath(host, loaders)
  if (isUnknown(path)) return { path, stamp: null, sinceBoot: null, contents: path }
  const stamp = await host.stamp(path)
  return { path, stamp, sinceBoot: await sinceBoot(host, stamp), contents: await contentsOnce(host, path, stamp) }
}

/** Finds the file that the default entry names as its initramfs; of several the last, behind microcode. */
async function imagePath(host: Host, loaders: readonly FoundLoader[]): Promise<OrUnknown<string>> {
  const [loader] = loaders
  if (loader === undefined || loaders.length > 1) return unknownBecause('which boot loader is in charge cannot be told')
  if (loader.id === 'proxmox-boot-tool')
    return unknownBecause('what boots are copies on partitions that are not mounted')
  if (loader.id === 'rpm-ostree') return ofDeployment(host)
  const entry = loader.defaultEntry
  if (isUnknown(entry)) return entry
  return UNIFIED_IMAGE.test(entry.source) ? entry.source : named(host, entry)
}

async function named(host: Host, entry: Pick<BootEntry, 'source' | 'text'>): Promise<OrUnknown<string>> {
  const initrd = initrdOf(entry.text)
  if (initrd === null) return unknownBecause(`${entry.source} names no initramfs`)
  for (const path of placesOf(entry, initrd)) if ((await host.stamp(path)) !== null) return path
  return unknownBecause(`${initrd}, which ${entry.source} names, is not where it can be seen`)
}

/** A deployment that is staged has no entry before the host shuts down. */
async function ofDeployment(host: Host): Promise<OrUnknown<string>> {
  const deployment = await nextDeployment(host)
  return isUnknown(deployment) ? deployment : deploymentImage(host, deployment)
}

/** GRUB may name the device in front, `($root)/initrd.img`; what stands behind the images may be a variable. */
function initrdOf(text: string): string | null {
  const words = [...text.matchAll(/^[ \t]*initrd(?:16|efi)?[ \t]+(.+)$/gmu)].flatMap(([, rest = '']) =>
    rest.split(/\s+/u),
  )
  const paths = words.map((word) => word.replace(/^\([^)]*\)/u, '')).filter((word) => word.startsWith('/'))
  return paths.filter((path) => !/ucode|microcode/u.test(path)).at(-1) ?? null
}

/** Where a path of a boot loader can lie: its partition is mounted somewhere, or a subvolume's name stands before it. */
function placesOf({ source }: Pick<BootEntry, 'source'>, initrd: string): string[] {
  if (source.includes('/loader/entries/')) return [`${partitionOf(source)}${initrd}`, initrd]
  return [`/boot${initrd}`, initrd, initrd.slice(Math.max(0, initrd.indexOf('/boot/')))]
}

/** The kernel tells when it began as `btime` (proc_stat(5)), in seconds. */
async function sinceBoot(host: Host, stamp: FileStamp | null): Promise<boolean | null> {
  const began = /^btime (\d+)$/mu.exec((await readWord(host, '/proc/stat')) ?? '')?.[1]
  return stamp === null || began === undefined ? null : Date.parse(stamp.modified) < Number(began) * 1000
}

async function contentsOnce(host: Host, path: string, stamp: FileStamp | null): Promise<NextImage['contents']> {
  if (stamp === null) return unknownBecause(`only root may see ${path}`)
  const version = JSON.stringify([path, stamp])
  const former = looked.get(host)
  if (former?.version === version) return former.contents
  const contents = await imageContents(host, path)
  if (!isUnknown(contents)) looked.set(host, { version, contents })
  return contents
}
