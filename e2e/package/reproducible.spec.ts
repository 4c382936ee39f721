import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { expect, test } from '@playwright/test'
import { execa } from 'execa'
import { packagesIn } from './builder.ts'
import { inClone } from './clone.ts'

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return `${hash.digest('hex')}  ${basename(path)}`
}

/** SHA-256 of the packages that a clone of the last commit makes, by a user with this umask and environment. */
function digestsBuiltAt(place: string, umask: string, env: Record<string, string>): Promise<string[]> {
  return inClone(place, async (checkout) => {
    const build = ['-c', `umask ${umask} && exec npm run package -- --stand-in`]
    await execa('sh', build, { cwd: checkout, env })
    const { deb, rpm } = await packagesIn(join(checkout, 'dist/packages'))
    return [await digestOf(deb), await digestOf(rpm)]
  })
}

test('two clones of the last commit at different places make the same bytes', async () => {
  const one = await digestsBuiltAt('one', '022', { TZ: 'UTC', LC_ALL: 'C' })
  const other = await digestsBuiltAt('elsewhere/the other one', '077', { TZ: 'Asia/Tokyo', LC_ALL: 'C.UTF-8' })
  expect(other).toEqual(one)
})
