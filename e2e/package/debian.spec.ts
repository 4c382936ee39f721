import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { CHECKOUT, standInPackages } from './builder.ts'
import {
  expectAnswers,
  expectLibraries,
  expectNoWindow,
  expectProfile,
  expectWindow,
  install,
  namesakes,
  purge,
} from './installed.ts'
import { LinuxRoot } from './linux-root.ts'

const PICTURES = join(CHECKOUT, 'e2e/artifacts/package')

/** AppArmor 3 of Debian 12 cannot read the profile, which needs version 4; version 4 of Debian 13 can. */
const RELEASES = [
  { name: 'Debian 12', suite: 'bookworm', takesProfile: false },
  { name: 'Debian 13', suite: 'trixie', takesProfile: true },
]

for (const { name, suite, takesProfile } of RELEASES) {
  test(`the .deb is installed, used and purged without a trace on an empty ${name}`, async () => {
    const { deb } = await standInPackages()
    await mkdir(PICTURES, { recursive: true })
    await LinuxRoot.with(suite, 'minbase', [], async (root) => {
      const before = await namesakes(root)
      await test.step('apt installs the package with its dependencies', () => install(root, deb))
      await test.step('no library is missing', () => expectLibraries(root))
      await test.step('the helper and the command line answer', () => expectAnswers(root))
      await test.step('no window opens as root, without a display, or without the sandbox', () => expectNoWindow(root))
      await test.step('the window opens with its sandbox', () => expectWindow(root, join(PICTURES, `${suite}.png`)))
      await test.step('AppArmor’s profile is there if it can be read', () => expectProfile(root, takesProfile))
      await test.step('purge leaves nothing', async () => {
        await purge(root)
        expect(await namesakes(root)).toBe(before)
      })
    })
  })
}
