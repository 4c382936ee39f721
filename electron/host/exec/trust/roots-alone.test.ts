import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { rootsAlone } from './roots-alone.ts'

const ME = getuid?.() ?? 0

/** A program as NixOS has it: a link below what is in force, which leads into the store. */
async function store() {
  const top = await temporaryDirectory('store')
  const packaged = join(top, 'store/abc-qemu/bin')
  await mkdir(packaged, { recursive: true })
  await mkdir(join(top, 'sw'))
  await writeFile(join(packaged, 'qemu'), '', { mode: 0o555 })
  const link = join(top, 'sw/qemu')
  await symlink(join(packaged, 'qemu'), link)
  const trusted = (owner = ME) => rootsAlone(link, owner, top)
  return { top, packaged, trusted }
}

it('A program of the store is run where file and directories are its owner’s alone', async () => {
  const { top, trusted } = await store()
  expect(await trusted()).toBe(true)
  await chmod(join(top, 'store'), 0o1775)
  expect(await trusted(), 'the group that builds, and sticky').toBe(true)
})

it('A program that is somebody else’s is not run', async () => {
  const { trusted } = await store()
  expect(await trusted(ME + 1)).toBe(false)
})

it('A program that others may write to is not run', async () => {
  for (const mode of [0o575, 0o557, 0o1575]) {
    const { packaged, trusted } = await store()
    await chmod(join(packaged, 'qemu'), mode)
    expect(await trusted(), mode.toString(8)).toBe(false)
  }
})

it('A program in a directory that others may write to is not run, at whatever height', async () => {
  for (const [path, mode] of [
    ['store/abc-qemu/bin', 0o775],
    ['store/abc-qemu', 0o757],
    ['store', 0o775],
    ['store', 0o1777],
  ] as const) {
    const { top, trusted } = await store()
    await chmod(join(top, path), mode)
    expect(await trusted(), `${path} ${mode.toString(8)}`).toBe(false)
  }
})

it('A link that leads nowhere is no program', async () => {
  const { top } = await store()
  await symlink(join(top, 'gone'), join(top, 'sw/gone'))
  expect(await rootsAlone(join(top, 'sw/gone'), ME, top)).toBe(false)
  expect(await rootsAlone('/run/current-system/sw/bin/none')).toBe(false)
})
