import { posix } from 'node:path'
import type { System } from '#shared/base/system.ts'
import { parseLoaderEntry, partitionOf } from '#shared/facts/boot/loader-entry.ts'
import { UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import {
  CLOSED_DIRECTORIES,
  CLOSED_FILES,
  type OpenedFile,
  type OpenedMenu,
  readEnding,
} from '#shared/plan/closed-files.ts'

/** A boot menu of a machine with many kernels is below 100 kB; all of them have to fit into one line. */
const FILE_LIMIT = 100_000

/**
 * Reads the boot menu for a user who may not. Which files these are is fixed; the caller names none. What cannot be
 * read as it should is left out, and stays unknown.
 */
export async function readBootMenu(system: System): Promise<OpenedMenu> {
  const opened: OpenedFile[] = []
  const files = [...CLOSED_FILES]
  for (const path of CLOSED_DIRECTORIES) {
    const listed = await system.list(path)
    if (listed.kind === 'denied' || !(await ofRoot(system, path))) continue
    const names = listed.kind === 'names' ? listed.names : null
    opened.push({ path, text: null, names })
    const ending = readEnding(path)
    if (ending === null) continue
    files.push(...(names ?? []).filter((name) => name.endsWith(ending)).map((name) => `${path}/${name}`))
  }
  for (const path of files) opened.push(...(await textOf(system, path)))
  return { files: opened, stamps: await stampsOf(system, opened.flatMap(imagesIn)) }
}

/** The images that an entry starts, beside it on its partition; a unified image is one itself. */
function imagesIn({ path, text }: OpenedFile): string[] {
  if (text === null) return []
  if (UNIFIED_IMAGE.test(path)) return [path]
  const place = partitionOf(path)
  return place === '' ? [] : parseLoaderEntry(path, text).initrds.map((initrd) => `${place}${initrd}`)
}

async function stampsOf(system: System, paths: readonly string[]): Promise<OpenedMenu['stamps']> {
  const stamps: OpenedMenu['stamps'] = {}
  for (const path of new Set(paths)) {
    const stamp = path.includes('/../') ? null : await system.stamp(path)
    if (stamp !== null) stamps[path] = stamp
  }
  return stamps
}

async function textOf(system: System, path: string): Promise<OpenedFile[]> {
  const target = await targetOf(system, path)
  const read = target === null ? null : await system.read(target)
  if (read?.kind === 'absent') return [{ path, text: null, names: null }]
  return read?.kind === 'text' && read.text.length <= FILE_LIMIT ? [{ path, text: read.text, names: null }] : []
}

/** A file itself, or another of the list that it links to (RHEL links grubenv to the ESP); null: it leads elsewhere. */
async function targetOf(system: System, path: string): Promise<string | null> {
  const link = await system.link(path)
  const target = link.kind === 'target' ? posix.resolve(posix.dirname(path), link.target) : path
  if (target !== path && !CLOSED_FILES.includes(target)) return null
  return (await ofRoot(system, target)) ? target : null
}

/** Whether nobody but root could have put something else at a path; true also where there is nothing. */
async function ofRoot(system: System, path: string): Promise<boolean> {
  const parts = path.split('/').slice(1)
  for (const [index] of parts.entries()) {
    const state = await system.state(`/${parts.slice(0, index + 1).join('/')}`)
    if (state === null) return true
    if (state.uid !== 0 || state.kind === 'symlink') return false
  }
  return true
}
