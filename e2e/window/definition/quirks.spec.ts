import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'quirks')

test('what a certain card needs is set in step 8, checked, and stands in the diff of the script', async ({
  studio,
}) => {
  await mkdir(PICTURES, { recursive: true })
  const page = await new DefinitionPage(studio).open()
  await page.pickUse(/^Windows 10/u)
  await studio.form.unfold(/^For certain cards and guests: nothing/u)

  await page.chooseRom(/M4000/u, 'A file')
  await studio.form.fill('ROM file', '/srv/none.rom')
  await studio.waitForText(/^The ROM file \/srv\/none\.rom (?:is not there|cannot be read)/u)
  await page.chooseRom(/M4000/u, 'None')
  await studio.form.fill('Room for large BARs (MiB)', '12')
  await studio.waitForText(/1024/u)
  await studio.form.fill('Room for large BARs (MiB)', '65536')
  await studio.form.tick(/^Hide KVM from the guest/u)
  await studio.form.fill('Extra arguments, one in each line', '-qmp tcp::1')
  await studio.waitForText(/this program itself sets that option/u)
  await studio.form.fill('Extra arguments, one in each line', '-device i6300esb\n-device usb-tablet')
  await studio.waitForText('This QEMU (2.12.0) cannot limit them.')
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.page.getByRole('group', { name: 'ROM that the guest finds on the card' }).scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `quirks-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await studio.page
    .locator('summary')
    .filter({ hasText: /1 other ROM, larger window, KVM hidden, 2 extra arguments/u })
    .waitFor()
  for (const words of [/,rombar=0/u, /-device i6300esb/u, /X-PciMmio64Mb,string=65536/u, /kvm=off/u])
    await studio.page.getByText(words).first().waitFor({ state: 'attached' })
  await page.step.apply(/^Write \d files, create the disk/u)
})
