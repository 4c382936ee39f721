import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Build } from '#shared/base/build.ts'
import { InstalledHelpers } from './installed-helper.ts'

const BUNDLE = 'a helper'
const digest = createHash('sha256').update(BUNDLE).digest('hex')
const build = (helper: string): Build => ({ version: '1', origin: 'checkout', standIn: false, helper, node: '/node' })

/** A directory with a helper as it is installed; only root can make one that counts. */
async function installed(): Promise<string> {
  const directory = join(await temporaryDirectory('helper'), 'passthrough-studio')
  await mkdir(directory, { mode: 0o755 })
  await writeFile(join(directory, 'helper'), '#!/bin/sh\nexec /bin/sh helper.cjs "$@"\n', { mode: 0o755 })
  await writeFile(join(directory, 'helper.cjs'), BUNDLE, { mode: 0o644 })
  return directory
}

describe.runIf(getuid?.() === 0)('an installed helper', () => {
  it('fits when it is root’s alone and has the bytes this program was built with', async () => {
    const directory = await installed()
    const helpers = new InstalledHelpers([join(directory, 'helper'), '/nowhere/helper'])
    expect(await helpers.look(build(digest))).toEqual([
      { path: join(directory, 'helper'), fits: true, text: 'belongs to this version' },
    ])
    expect(await helpers.look(build('0'.repeat(64)))).toMatchObject([
      { fits: false, text: 'belongs to another version' },
    ])
  })

  it('is noticed as soon as it is replaced', async () => {
    const directory = await installed()
    const helpers = new InstalledHelpers([join(directory, 'helper')])
    await helpers.look(build(digest))
    await writeFile(join(directory, 'helper.cjs'), 'an updated helper')
    expect(await helpers.look(build(digest))).toMatchObject([{ fits: false }])
  })

  it('is not used when a user could change any part of it', async () => {
    const parts = ['', 'helper', 'helper.cjs']
    for (const part of parts) {
      const directory = await installed()
      await chown(join(directory, part), 1000, 1000)
      const [owned] = await new InstalledHelpers([join(directory, 'helper')]).look(build(digest))
      expect(owned, part).toMatchObject({ fits: false, text: expect.stringContaining('others than root') as string })
      const open = await installed()
      await chmod(join(open, part), 0o777)
      const [writable] = await new InstalledHelpers([join(open, 'helper')]).look(build(digest))
      expect(writable, part).toMatchObject({ fits: false })
    }
  })

  it('is not used below a directory where others may rename files, unless that is sticky', async () => {
    const directory = await installed()
    await chmod(join(directory, '..'), 0o777)
    const look = () => new InstalledHelpers([join(directory, 'helper')]).look(build(digest))
    expect(await look()).toMatchObject([{ fits: false, text: expect.stringContaining('can be replaced') as string }])
    await chmod(join(directory, '..'), 0o1777)
    expect(await look()).toMatchObject([{ fits: true }])
  })

  it('is not used when the Node it names is gone', async () => {
    const directory = await installed()
    await writeFile(join(directory, 'helper'), `#!/bin/sh\nexec '/nowhere/a node' x "$@"\n`)
    const [found] = await new InstalledHelpers([join(directory, 'helper')]).look(build(digest))
    expect(found).toMatchObject({ fits: false, text: 'names a Node that is gone' })
  })

  it('counts as missing between two files of an update', async () => {
    const directory = await installed()
    const helpers = new InstalledHelpers([join(directory, 'helper')])
    await rm(join(directory, 'helper.cjs'))
    expect(await helpers.look(build(digest))).toEqual([])
  })

  it('is not used through a symbolic link', async () => {
    const real = await installed()
    const link = join(await temporaryDirectory('helper'), 'linked')
    await symlink(real, link)
    expect(await new InstalledHelpers([join(link, 'helper')]).look(build(digest))).toMatchObject([{ fits: false }])
  })
})
