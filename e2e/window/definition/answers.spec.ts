import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { walkToBound } from '../pages/paper-walk.ts'
import { VmPage } from '../pages/vm-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'answers')
const IMAGES = '/var/lib/nova/gpu'
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 640 },
] as const

test('Windows installs itself: written with a password, and its disc is taken away again', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  const { page, form, camera, desktop } = studio
  await walkToBound(studio)
  const definition = await new DefinitionPage(studio).open()
  await definition.pickUse(/^Windows 10/u)
  const fold = page.getByText(/^Windows installs itself: /u)
  await expect(fold).toHaveCount(0)
  await form.fill('Installation disc (ISO)', `${IMAGES}/windows.iso`)
  await form.fill('Driver disc (virtio-win ISO)', `${IMAGES}/virtio-win.iso`)
  await form.unfold(/^Windows installs itself/u)
  await form.tick(/^Windows installs itself/u)
  await form.fill('Name of the computer', 'desk 1')
  await expect(page.getByText(/^up to 15 letters/u)).toBeVisible()
  await form.fill('Name of the computer', 'DESK-1')
  await form.fill('Account', 'anna')
  await expect(fold).toHaveText('Windows installs itself: Windows 10 Pro, account anna')

  await form.fill('Installer of Sunshine', `${IMAGES}/sunshine.exe`)
  await expect(page.getByText(`${IMAGES}/sunshine.exe was not looked at`).first()).toBeVisible()
  await form.fill('Installer of Sunshine', '')

  const write = page.getByRole('button', { name: /^Write \d files/u })
  await expect(write).toBeDisabled()
  const password = page.getByLabel('A password for anna in Windows')
  await password.fill('larkspur-7')
  await expect(write).toBeEnabled()
  await expect(page.getByText('larkspur-7')).toHaveCount(0)
  const parts = {
    top: fold,
    middle: page.getByText(/^When the VM starts, press a key/u),
    plan: page.getByText(/^Make \/var/u),
  }
  for (const size of SIZES)
    for (const scheme of ['light', 'dark'] as const) {
      await camera.setScheme(scheme)
      await desktop.resize(size.width, size.height)
      for (const [part, of] of Object.entries(parts)) {
        await of.scrollIntoViewIfNeeded()
        await camera.leaveTooltip()
        await camera.take(join(PICTURES, `${part}-${size.width}-${scheme}.png`))
      }
      expect(await violations(page)).toEqual([])
    }
  await write.click()
  await studio.verdict.waitFor('ok')

  await new VmPage(studio).open()
  await studio.press('Start the VM')
  const disc = page.getByRole('form', { name: 'Answers for Windows’ Setup' })
  await expect(disc).toContainText('answers.iso')
  await disc.getByRole('button', { name: 'Eject' }).click()
  await expect(disc).toContainText('the drive is empty')

  await definition.open()
  await form.unfold(/^Windows installs itself/u)
  await form.untick(/^Windows installs itself/u)
  await expect(page.getByText(/^Remove \/var\/lib\/passthrough-studio\/vms\/designer\/answers.iso/u)).toBeVisible()
  await expect(page.getByLabel('A password for anna in Windows')).toHaveCount(0)
})
