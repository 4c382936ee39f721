import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { ARTIFACTS, openStudio } from './launch.ts'
import { StepPage } from './pages/step-page.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'host-text')

/** The workstation, with what tells which distribution it has. */
const PROXMOX = { '/usr/bin/pveversion': '#!/usr/bin/perl\n' }
const NIXOS = { '/etc/NIXOS': '', '/etc/os-release': 'ID=nixos\nPRETTY_NAME="NixOS 24.05 (Uakari)"\n' }

for (const [name, files, page, title, line] of [
  ['proxmox', PROXMOX, 'Definition', 'For a VM of Proxmox VE', /qm set "\$vm" --hostpci0 0000:04:00,pcie=1/u],
  ['nixos', NIXOS, 'Boot', 'For NixOS', /boot\.kernelParams = \[ "intel_iommu=on" \];/u],
] as const) {
  test(`${title}: the page has lines to copy`, async ({ temporaryDirectory }) => {
    await mkdir(PICTURES, { recursive: true })
    const scene = join(await temporaryDirectory(), 'scene.json')
    await writeFile(scene, JSON.stringify({ files }))
    const studio = await openStudio(`paper:${scene}`)
    await new StepPage(studio, page).open()
    const section = studio.page.getByRole('region', { name: title }).first()
    await section.getByText(line).waitFor()
    for (const scheme of ['light', 'dark'] as const) {
      await studio.camera.setScheme(scheme)
      await section.scrollIntoViewIfNeeded()
      await studio.camera.leaveTooltip()
      await studio.camera.take(join(PICTURES, `${name}-${scheme}.png`))
    }
    expect(await violations(studio.page)).toEqual([])
    await section.getByRole('button', { name: 'Copy' }).click()
    await section.getByRole('button', { name: 'Copied' }).waitFor()
    expect(studio.complaints).toEqual([])
    await studio.close()
  })
}
