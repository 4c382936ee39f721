import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { writeFailure } from './write-failure.ts'

it.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EFBIG', 'disk-full'],
  ['EIO', 'disk-fault'],
  ['EROFS', 'permission'],
  ['EPERM', 'permission'],
])('a write that fails with %s is a problem of its own, with what helps', (errno, code) => {
  const { problem } = writeFailure(Object.assign(new Error(errno), { code: errno }), '/etc/default/grub')
  expect(problem).toMatchObject({ code, message: expect.stringMatching(/^\/etc\/default\/grub cannot/u) as string })
  expect(problem.hint).not.toBeNull()
})

it('the journal on a full disk is told as a full disk', async () => {
  const root = await temporaryDirectory('full')
  await symlink('/dev/full', join(root, 'journal'))
  await expect(new RealSystem(root).appendDurable('/journal', '{}')).rejects.toMatchObject({
    problem: { code: 'disk-full', message: '/journal cannot be written: the disk is full (ENOSPC).' },
  })
})
