import { z } from 'zod'
import { optionValue } from '#core/definition/qemu/arguments.ts'
import { runTool } from '#host/exec/run-tool.ts'
import type { Host } from '#host/host.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { ToolResult } from '#shared/base/system.ts'

/** Killed in the middle, qemu-img would leave lost clusters behind; freeing a large snapshot on a slow disk takes long. */
const CHANGE_LIMIT_MS = 3_600_000

/** 1: it could not; what it says tells a lock from everything else. */
const REFUSES = { expect: [0, 1] }

/** Both spellings of QEMU 7.2 of a lock that somebody else has (block/file-posix.c). */
const LOCKED = /Failed to get (?:shared )?"\w+" lock/u

/** What of `qemu-img info --output=json` is used (qapi/block-core.json, ImageInfo and SnapshotInfo). */
const imageInfo = z.looseObject({
  format: z.literal('qcow2'),
  'actual-size': z.number().int().min(0),
  snapshots: z
    .array(
      z.looseObject({ id: z.string(), name: z.string(), 'date-sec': z.number().int(), 'date-nsec': z.number().int() }),
    )
    .default([]),
})

/** One internal snapshot of an image, with qemu-img's own number and the moment it was taken. */
export interface ImageSnapshot {
  id: string
  name: string
  at: string
}

export interface ImageInfo {
  /** Bytes on the host. */
  taken: number
  snapshots: ImageSnapshot[]
}

export const QEMU_IMG_MISSING = new ProblemError('tool-missing', 'Snapshots need qemu-img, which is not installed.', {
  hint: 'Install the package qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL).',
})

/**
 * Returns the image named so that nothing of it is guessed: a format that was probed would be the guest's to choose,
 * and a path that begins with a protocol would be no file.
 */
function options(path: string): string[] {
  return ['--image-opts', `driver=qcow2,file.driver=file,file.filename=${optionValue(path)}`]
}

/** Reads an image's snapshots. Throws `in-use` when a running QEMU holds it, `tool-failed` with qemu-img's own words. */
export async function imageSnapshots(host: Host, path: string): Promise<ImageInfo> {
  const result = await host.run('qemu-img', ['info', '--output=json', ...options(path)], REFUSES)
  if (result === null) throw QEMU_IMG_MISSING
  assertDone(result, path, 'read')
  const info = imageInfo.parse(JSON.parse(result.stdout))
  return {
    taken: info['actual-size'],
    snapshots: info.snapshots.map((one) => ({
      id: one.id,
      name: one.name,
      at: new Date(one['date-sec'] * 1000 + Math.floor(one['date-nsec'] / 1e6)).toISOString(),
    })),
  }
}

const FLAGS = { take: '-c', 'go-back': '-a', remove: '-d' } as const

/** Changes an image's snapshots. The lock of a running QEMU is respected, never shared. */
export async function changeImage(path: string, what: keyof typeof FLAGS, name: string): Promise<void> {
  const args = ['snapshot', '-q', FLAGS[what], name, ...options(path)]
  const result = await runTool('qemu-img', args, { ...REFUSES, timeoutMs: CHANGE_LIMIT_MS })
  assertDone(result, path, 'changed')
}

function assertDone({ exitCode, stderr }: ToolResult, path: string, what: 'read' | 'changed'): void {
  if (exitCode === 0) return
  if (LOCKED.test(stderr))
    throw new ProblemError('in-use', `A running QEMU has ${path} open, so its snapshots cannot be ${what}.`, {
      detail: stderr,
      hint: 'Shut the VM down, or whatever else uses this image; then try again.',
    })
  const said = stderr.trim().split('\n').at(-1) ?? ''
  throw new ProblemError('tool-failed', `The snapshots in ${path} cannot be ${what}: ${said}`, {
    detail: stderr,
    hint: /No space left/u.test(stderr) ? 'Make room where the image lies.' : 'Check the image with qemu-img check.',
  })
}
