import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { Executor } from '../executor.ts'
import { RealSystem } from '../real-system.ts'

it.each([
  ['the image itself is closed', '/boot/initrd.img-6.1.0', 0o600],
  ['only root enters its directory', '/boot', 0o700],
])('No proof guest is made of an initramfs that only root can read: %s', async (_why, closed, mode) => {
  const root = await temporaryDirectory('proof')
  for (const path of ['boot', 'etc', 'var/lib']) await mkdir(join(root, path), { recursive: true })
  for (const path of ['boot/vmlinuz-6.1.0', 'boot/initrd.img-6.1.0']) await writeFile(join(root, path), 'keys')
  await writeFile(join(root, 'etc/passwd'), 'designer:x:1000:1000::/home/designer:/bin/sh\n')
  await chmod(join(root, closed), mode)
  const change = {
    kind: 'build-proof-guest',
    kernel: '/boot/vmlinuz-6.1.0',
    initrd: '/boot/initrd.img-6.1.0',
    directory: '/var/lib/passthrough-studio/vms/a',
    note: '',
    gid: 1000,
  } as const
  const about = { id: 'p', step: 'definition', rebootNeeded: false, risk: 'none', confirm: null } as const
  const executor = new Executor(new RealSystem(root), 1000, () => undefined)
  await expect(executor.apply({ ...about, changes: [{ change, reason: '', before: null }] })).rejects.toMatchObject({
    problem: { code: 'refused' },
  })
  expect(await new RealSystem(root).state(change.directory)).toBeNull()
})
