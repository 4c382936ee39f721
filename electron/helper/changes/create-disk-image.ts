import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { assertForCaller } from '../allow-list/accounts.ts'
import { assertNoSymlink, assertVmStorage } from '../allow-list/paths.ts'
import { assertMounted, assertPlaced } from '../allow-list/placed.ts'
import type { HandlerOf } from '../handler.ts'
import { captureGuestFile, makeGuestFile, revertGuestFile } from './guest-file.ts'

const GIB = 1024 ** 3

/** What is left to others at a place of the admin's, in bytes. */
const LEAST = GIB

export const createDiskImage: HandlerOf<'create-disk-image'> = {
  async check(work, change) {
    const { system } = work
    const { path, place } = change
    if (place === undefined) assertVmStorage(path)
    else await assertPlaced(system, path, place)
    if (!new RegExp(`/disk[2-4]?\\.${change.format}$`, 'u').test(path))
      throw new ProblemError('refused', `${path} is not a ${change.format} disk of a VM.`, {
        hint: 'Nothing was changed. Check again to get a new plan.',
      })
    await assertForCaller(work, change, `${path} is made`)
    await assertNoSymlink(system, path)
    if ((await system.state(path)) !== null)
      throw new ProblemError('conflict', `${path} is there already; it is never overwritten.`, {
        hint: 'Choose it as an existing image in step 8, or move it away.',
      })
    await assertRoom(system, change)
  },

  capture: (work, change) => captureGuestFile(work, change.path),

  apply: (work, change) =>
    makeGuestFile(work, change, async () => {
      // btrfs would write each block elsewhere, and its checksums fail where a guest changes what is on its way to the
      // disk past the host's cache; other filesystems do not know the attribute, and qemu-img(1) goes on without it.
      const args = ['create', '-q', '-f', change.format, '-o', 'nocow=on', change.path, `${change.sizeGiB}G`]
      const hint = `The detail is what qemu-img says; look for room where ${change.path} lies.`
      await work.system.run('qemu-img', args, { onLine: work.log, hint })
    }),

  async revert(work, { path, place }, entry) {
    if (place !== undefined) await assertMounted(work.system, path, place)
    return revertGuestFile(work, path, entry)
  },
}

/**
 * The image grows while the guest writes, and a guest on a full disk stops in the middle. With the VM's files the host
 * itself would run full too; elsewhere step 8 has warned, and the admin decides.
 */
async function assertRoom(system: System, { sizeGiB, place }: ChangeOf<'create-disk-image'>): Promise<void> {
  const where = place?.directory ?? DATA_DIRECTORY
  const free = await system.freeBytes(await existing(system, where))
  if (free >= (place === undefined ? (sizeGiB + 1) * GIB : LEAST)) return
  throw new ProblemError('disk-full', `${sizeGiB} GiB do not fit: ${Math.floor(free / GIB)} GiB are free.`, {
    hint: `Choose a smaller disk in step 8, or make room where ${where} lies.`,
  })
}

/** The directory, or the nearest one above it that is there. */
async function existing(system: System, path: string): Promise<string> {
  if (path === '') return '/'
  return (await system.state(path)) === null ? existing(system, path.slice(0, path.lastIndexOf('/'))) : path
}
