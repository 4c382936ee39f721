import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ProblemError } from '#shared/base/problem.ts'
import type { Tool } from '#shared/base/system.ts'
import { UNIFIED_IMAGE, type UnifiedImage } from '#shared/facts/boot/unified-image.ts'
import { readFailure } from '../file-reader.ts'
import { makePlace } from '../temporary-place.ts'
import { readUnifiedImage } from './unified-image.ts'

const LISTERS: ReadonlySet<Tool> = new Set<Tool>(['lsinitramfs', 'lsinitrd', 'lsinitcpio'])

/**
 * Has a tool that lists initramfs images list the one inside a unified kernel image: lsinitramfs does not look there, and
 * others only where binutils are installed. Everything else is run as it is.
 * @throws ProblemError `tool-failed` when the image cannot be read.
 */
export async function onInnerInitramfs<T>(
  tool: Tool,
  args: readonly string[],
  run: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  const path = LISTERS.has(tool) ? args.find((arg) => UNIFIED_IMAGE.test(arg)) : undefined
  if (path === undefined) return run(args)
  const { initrd } = await read(path)
  if (initrd === null) return run(args)
  const place = await makePlace(null)
  try {
    const inner = join(place.directory, 'initramfs')
    const { offset, bytes } = initrd
    await pipeline(createReadStream(path, { start: offset, end: offset + bytes - 1 }), createWriteStream(inner))
    return await run(args.map((arg) => (arg === path ? inner : arg)))
  } finally {
    await place.remove()
  }
}

async function read(path: string): Promise<UnifiedImage> {
  try {
    return await readUnifiedImage(path)
  } catch (thrown) {
    const failure = readFailure(thrown, path)
    const why = failure.kind === 'absent' ? `${path} is not there` : failure.why
    throw new ProblemError('tool-failed', `The initramfs inside a unified kernel image was not found: ${why}.`, {
      hint: 'Look at the file; where it is damaged, build it again with the tool that made it.',
      cause: thrown,
    })
  }
}
