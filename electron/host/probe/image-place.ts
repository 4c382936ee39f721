import type { FileState, Reader } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { ImagePlace, WayPart } from '#shared/facts/images/image-place.ts'
import { isBelow } from '#shared/vm/options/disk-place.ts'
import { decoded } from './mounts.ts'

type Text = Pick<Reader, 'read'>

/** What is looked up at paths, by whoever may. */
interface Look extends Text {
  state(path: string): Promise<Pick<FileState, 'kind' | 'uid' | 'gid' | 'mode'> | null>
  /** Null: not told. */
  freeBytes(path: string): Promise<number | null>
}

/** Returns the directories above a path and itself, from the top. */
export function waysTo(path: string): string[] {
  const parts = path.split('/').slice(1)
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}

/** Looks at a directory for disk images. */
export async function lookAtPlace(look: Look, directory: string): Promise<OrUnknown<ImagePlace>> {
  const mount = await mountOver(look, directory)
  if (mount === null) return unknownBecause('/proc/self/mounts cannot be read')
  const ways: WayPart[] = []
  for (const path of waysTo(directory)) {
    const state = await look.state(path)
    if (state === null) break
    const { kind, uid, gid, mode } = state
    ways.push({ path, kind: kind === 'directory' || kind === 'symlink' ? kind : 'other', uid, gid, mode })
  }
  const there = ways.at(-1)?.path === directory
  const freeBytes = there ? await look.freeBytes(directory) : null
  return { ways, mount, freeBytes, ...(await byFstab(look, directory, mount)) }
}

/** The filesystem on which a path lies, by this process' own mounts: of two at one place the later one; null: not told. */
export async function mountOver(reader: Text, path: string): Promise<ImagePlace['mount'] | null> {
  const mounts = await rowsOf(reader, '/proc/self/mounts')
  const over = mounts.filter(([, point = '']) => isBelow(path, point))
  const last = over.reduce<string[] | null>((best, row) => {
    return best === null || (row[1] ?? '').length >= (best[1] ?? '').length ? row : best
  }, null)
  if (last === null) return null
  const [, point = '/', type = '', options = ''] = last
  return { point, type, readOnly: options.split(',').includes('ro') }
}

/** Fields of a table of mounts, the mount point decoded (fstab(5), proc_pid_mounts(5)). */
async function rowsOf(reader: Text, path: string): Promise<string[][]> {
  const file = await reader.read(path)
  const lines = file.kind === 'text' ? file.text.split('\n') : []
  return lines
    .map((line) => line.trim().split(/\s+/u))
    .filter(([source = '', point]) => !source.startsWith('#') && point !== undefined)
    .map(([source = '', point = '', ...more]) => [source, decoded(point), ...more])
}

async function byFstab(
  reader: Text,
  directory: string,
  { point }: ImagePlace['mount'],
): Promise<Pick<ImagePlace, 'unmounted' | 'atBoot'>> {
  const rows = (await rowsOf(reader, '/etc/fstab')).filter(([, at = '']) => at.startsWith('/'))
  const mounted = (await rowsOf(reader, '/proc/self/mounts')).map(([, at]) => at)
  const above = rows.map(([, at = '']) => at).filter((at) => isBelow(directory, at))
  const atBoot = rows.some(([, at, , options = '']) => at === point && !options.split(',').includes('noauto'))
  return { unmounted: above.find((at) => !mounted.includes(at)) ?? null, atBoot: atBoot || point === '/' }
}
