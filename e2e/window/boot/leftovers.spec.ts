import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS, openStudio } from '../launch.ts'
import { DriversPage } from '../pages/drivers-page.ts'
import { StepPage } from '../pages/step-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'leftovers')
const SIZES = [
  [1024, 640],
  [1280, 800],
] as const
const HOOK = '/etc/libvirt/hooks/qemu.d/win10/prepare/begin/start.sh'

const FILES = {
  '/etc/modprobe.d/vfio.conf':
    'options vfio-pci ids=10de:13f1,10de:0fbb disable_vga=1\nsoftdep nouveau pre: vfio-pci\n',
  '/etc/modprobe.d/unsafe.conf': 'options vfio_iommu_type1 allow_unsafe_interrupts=1\n',
  '/etc/modules-load.d/vfio.conf': 'vfio\nvfio_iommu_type1\nvfio_pci\nvfio_virqfd\n',
  [HOOK]:
    '#!/bin/bash\nset -x\nvirsh nodedev-detach pci_0000_04_00_0\nvirsh nodedev-detach pci_0000_04_00_1\nmodprobe vfio-pci\n',
}

test('lines of earlier guides are listed with the drivers, and told in step 5', async ({ temporaryDirectory }) => {
  await mkdir(PICTURES, { recursive: true })
  const scene = join(await temporaryDirectory(), 'scene.json')
  await writeFile(scene, JSON.stringify({ files: FILES }))
  const studio = await openStudio(`paper:${scene}`)
  const rows = await (await new DriversPage(studio).open()).leftovers()
  expect(rows.map((row) => row.split(/\s*\n\s*/u)[0])).toEqual([
    '/etc/modprobe.d/vfio.conf',
    HOOK,
    '/etc/modprobe.d/unsafe.conf',
    '/etc/modprobe.d/vfio.conf',
    '/etc/modules-load.d/vfio.conf',
    '/etc/modules-load.d/vfio.conf',
  ])
  expect(rows[1]).toMatch(/nodedev-detach pci_0000_04_00_0[^]*Takes a device from its driver[^]*in the way/u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      await studio.page.getByText('harmless').first().scrollIntoViewIfNeeded()
      await studio.camera.takeStill(join(PICTURES, `drivers-${scheme}-${width}.png`))
    }
  }
  expect(await violations(studio.page)).toEqual([])
  await new StepPage(studio, 'Bind').open()
  await studio.waitForText(/lines of \/etc\/libvirt\/hooks\/.* may be left of an earlier guide/u)
  await studio.close()
})
