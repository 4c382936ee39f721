import { spawnSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { getuid } from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { mountOver } from '#host/probe/image-place.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { placedHome } from '#shared/vm/options/disk-place.ts'
import type { Work } from '../handler.ts'
import { Backups } from '../journal/backups.ts'
import { RealSystem } from '../real-system.ts'
import { removeEmpty } from '../undo-order.ts'
import { createDiskImage } from './create-disk-image.ts'

const system = new RealSystem('/')
const work: Work = { system, caller: 0, backups: new Backups(system), log: () => undefined, tx: 'test' }
const NOBODY = { uid: 65_534, gid: 65_534 }
const able = getuid?.() === 0 && spawnSync('qemu-img', ['--version']).status === 0

let made: string | null = null
afterEach(async () => {
  if (made !== null) await rm(made, { recursive: true, force: true })
  made = null
})

/** A directory of root's alone on this very host, which the real tools and the real mounts are asked about. */
async function place(): Promise<ChangeOf<'create-disk-image'>> {
  await mkdir('/srv', { recursive: true })
  made = await mkdtemp('/srv/studio-place-')
  const mount = (await mountOver(system, made))?.point ?? expect.fail()
  return {
    ...{ kind: 'create-disk-image', path: `${placedHome(made, 'designer')}/disk.qcow2`, format: 'qcow2', sizeGiB: 3 },
    ...{ place: { directory: made, mount }, ...NOBODY },
  }
}

/** Makes the image as the helper does, and gives back what takes it away again. */
async function makeIt(change: ChangeOf<'create-disk-image'>) {
  await createDiskImage.check(work, change)
  const before = await createDiskImage.capture(work, change)
  const entry: JournalEntry = {
    ...{ tx: 'test', index: 0, step: 'definition', at: '', boot: '', change, contents: null, before },
    ...{ after: null, reverted: null, confirmed: null, failed: null },
  }
  await createDiskImage.apply(work, change)
  return async (over: Partial<ChangeOf<'create-disk-image'>> = {}) => {
    const reverted = await createDiskImage.revert(work, { ...change, ...over }, entry)
    await removeEmpty(system, before.createdDirectories)
    return reverted
  }
}

describe.runIf(able)('an image that qemu-img makes at a place of the admin’s', () => {
  it('is the VM’s user’s alone in root’s directories, as one with the VM’s files', async () => {
    const change = await place()
    await makeIt(change)
    expect(await system.state(change.path)).toEqual({ kind: 'file', mode: 0o600, ...NOBODY })
    expect(await system.state(placedHome(made ?? '', 'designer'))).toMatchObject({ mode: 0o755, uid: 0, gid: 0 })
    const told = spawnSync('qemu-img', ['info', '--output=json', change.path], { encoding: 'utf8' })
    expect(JSON.parse(told.stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 3 * 1024 ** 3 })
    await expect(createDiskImage.check(work, change)).rejects.toThrow('is there already; it is never overwritten')
  })

  it('is taken back with the directories that were made for it, and what else lies there stays', async () => {
    const change = await place()
    const back = await makeIt(change)
    await (await open(`${made ?? ''}/of-the-admin`, 'w')).close()
    expect(await back()).toMatchObject({ note: null })
    expect(await system.list(made ?? '')).toEqual({ kind: 'names', names: ['of-the-admin'] })
  })

  it('is kept once a guest has written to it', async () => {
    const change = await place()
    const back = await makeIt(change)
    const file = await open(change.path, 'r+')
    await file.write('the guest’s', 4096)
    await file.close()
    expect((await back()).note).toContain(`${change.path} was kept: a guest may have written to it.`)
    expect((await lstat(change.path)).isFile()).toBe(true)
  })

  it('is not said to be taken back while its disk is not mounted', async () => {
    const change = await place()
    const back = await makeIt(change)
    const elsewhere = { directory: change.place?.directory ?? '', mount: made ?? '' }
    const thrown: unknown = await back({ place: elsewhere }).catch((reason: unknown) => reason)
    expect(problemOf(thrown).code).toBe('conflict')
    expect(problemOf(thrown).hint).toContain('Mount what belongs at')
    expect((await lstat(change.path)).isFile()).toBe(true)
  })
})
