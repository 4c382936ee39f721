import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'images')
const IMAGES = '/var/lib/nova/gpu'

test('an existing image is taken as what its bytes say, with the firmware its system starts by', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  const page = await new DefinitionPage(studio).open()
  await page.pickUse(/^Windows 10/u)
  await studio.form.pick('Disk', /^Existing image/u)

  await studio.form.fill('Disk image', `${IMAGES}/none.img`)
  await studio.waitForText(/^\/var\/lib\/nova\/gpu\/none\.img (?:is not there|cannot be opened)/u)
  await studio.form.fill('Disk image', `${IMAGES}/from-vmware.vmdk`)
  await studio.waitForText(/is an image in vmdk, which a VM of this program cannot have/u)

  await studio.form.fill('Disk image', `${IMAGES}/unclear.img`)
  await studio.waitForText(/^How the system on .* starts cannot be told/u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.page.getByRole('radiogroup', { name: 'How the system on it starts' }).scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `asked-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await studio.form.pick('How the system on it starts', /^BIOS/u)
  await studio.waitForText('SeaBIOS, which comes with QEMU, as you chose.')

  await studio.form.fill('Disk image', `${IMAGES}/win10.img`)
  await studio.waitForText(`${IMAGES}/win10.img is qcow2, and the VM’s user may write to it.`)
  await studio.waitForText('SeaBIOS, which comes with QEMU: the image has no EFI partition.')
  await studio.press('Add a new image')
  await studio.form.fill('Disk 2: size (GiB)', '40')
  await studio.press('Add a whole disk of this host')
  await studio.waitForText('/dev/sdb; the guest owns what is on it.')
  await studio.page.getByRole('combobox', { name: 'Bus', exact: true }).click()
  await studio.page.getByRole('option', { name: 'SATA' }).waitFor()
  await studio.page.keyboard.press('Escape')
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.page.getByRole('group', { name: 'More disks' }).scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `disks-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await page.step.apply(/^Write \d files and create the disk/u)
})
