import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS } from './launch.ts'
import { DefinitionPage } from './pages/definition-page.ts'
import { LaunchPage } from './pages/launch-page.ts'
import { walkToBound } from './pages/paper-walk.ts'
import { VmPage } from './pages/vm-page.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'paper')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

test('a Windows 11 VM is written with its disk and UEFI variables, and each default says why', async ({ studio }) => {
  await walkToBound(studio)
  const definition = await new DefinitionPage(studio).open()
  await definition.pickUse(/^Windows 11 designer/u)
  await studio.waitForText(/^: UEFI with Secure Boot, TPM on, screen on/u)
  await studio.waitForText(/^Empty: 24\. 12 of 14 cores, 2 threads each as on the host/u)
  for (const fold of [/^Firmware, TPM/u, /^Processors and/u, /^Keyboard, mouse/u, /^Sound/u])
    await studio.form.unfold(fold)
  expect(await studio.form.shownByClick(/^TPM 2\.0/u), 'a tick moves with its click').toBe(false)
  await studio.form.tick(/^TPM 2\.0/u)
  await studio.form.pick('Memory pages', /^Huge, 2 MiB/u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    // Leaves the button, whose hint would lie over the page.
    await definition.open()
    await studio.camera.take(join(PICTURES, `${scheme}-1280-machine-windows.png`))
    await studio.camera.takeWhole(join(PICTURES, `${scheme}-machine-windows-whole.png`))
    expect(await violations(studio.page)).toEqual([])
  }
  await definition.step.apply('Write 5 files, create the disk and copy the UEFI variables')
  await keepAndGoBack(studio)
  await forceOffByQuestion(studio)
  await definition.open()
  await definition.undo()
})

/** Snapshots of the VM while it is off: a name that does not fit, taken, gone back to, deleted. */
async function keepAndGoBack(studio: StudioWindow): Promise<void> {
  const vm = await new VmPage(studio).open()
  await vm.nameSnapshot('12')
  await studio.waitForText(/^A name of digits alone/u)
  await vm.takeSnapshot('before-driver')
  const back = await vm.askToGoBack('before-driver')
  expect(back.focused).toBe('Stay')
  expect(back.text).toContain('the disk, the UEFI settings and the TPM')
  expect(await violations(studio.page)).toEqual([])
  await studio.question.answer('Go back')
  await studio.waitForText(/^The VM is as in “before-driver” again\. .* kept as “before-going-back-/u)
  expect(await vm.snapshots()).toEqual([
    expect.stringMatching(/^before-driver.*Disk, UEFI settings, TPM/su),
    expect.stringMatching(/^before-going-back-/u),
  ])
  expect(await violations(studio.page)).toEqual([])
  expect((await vm.askToDelete('before-driver')).text).toContain('lost for good')
  await studio.question.answer('Delete')
  await studio.waitForText('The snapshot “before-driver” is deleted.')
  expect(await vm.snapshots()).toEqual([expect.stringMatching(/^before-going-back-/u)])
}

/** The VM goes on after Enter, which presses the way out, and ends when the question is answered with yes. */
async function forceOffByQuestion(studio: StudioWindow): Promise<void> {
  await studio.press('Start the VM')
  await studio.waitForText(/^Not while the VM is on: what goes on inside the passed card/u)
  await studio.press('Force off…')
  const { text, ...rest } = await studio.question.read()
  expect(text).toContain('as by a power cut')
  expect(rest).toEqual({ focused: 'Keep it running', answers: ['Keep it running', 'Force off'] })
  await studio.pressKey('Enter')
  await studio.question.waitUntilGone()
  await studio.waitForText(/^running/u)
  await studio.rail.open('Launch')
  await studio.press('Force off…')
  await studio.question.answer('Force off')
  await studio.waitForButton('Start the VM')
}

test('a VM gets devices of the host, the last keyboard if confirmed, and no disk in use', async ({ studio }) => {
  await walkToBound(studio)
  const definition = await new DefinitionPage(studio).open()
  await definition.pickUse(/^Windows 10/u)
  await studio.form.pick('Disk', /^A whole disk of this host/u)
  await expect(definition.disk(/^Samsung SSD 850.*The host needs it: /u)).toBeDisabled()
  await definition.pickHostDisk(/^WDC WD10EZEX/u)
  await studio.form.unfold(/^Keyboard, mouse/u)
  await studio.form.tick(/^Logitech USB Keyboard\s*Keyboard, port 1-1\.2/u)
  await studio.waitForText(/is the only keyboard of this host; while the VM runs/u)
  await studio.camera.take(join(PICTURES, 'machine-last-keyboard.png'))
  await expect(definition.writeButton()).toBeDisabled()
  await studio.form.untick(/^Logitech USB Keyboard\s*Keyboard, port 1-1\.2/u)
  await studio.form.tick(/^Logitech USB Keyboard\s*Keyboard$/u)
  await expect(definition.writeButton()).toBeEnabled()
  await definition.step.apply(/^Write \d files/u)
})

test('step 9 asks for a display and a keyboard before the VM starts', async ({ studio }) => {
  await walkToBound(studio)
  await (await new DefinitionPage(studio).open()).pickUse(/^Windows 10/u)
  const launch = await new LaunchPage(studio).open()
  await studio.waitForText('Somebody can type into the guest.')
  for (const [way, words] of [
    [/^A monitor on the card/u, 'A monitor is on DP-1.'],
    [/^Looking Glass/u, /^Looking Glass: The VM has no memory for the picture/u],
    [/^Remote desktop/u, /^Remote desktop \(RDP\): The VM has a private network/u],
  ] as const) {
    await launch.pickDisplay(way)
    await studio.waitForText(words)
  }
  await studio.press('Ask TCP port 3389')
  await studio.waitForText('No guest runs on this host.')
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await launch.open()
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      await studio.camera.take(join(PICTURES, `${scheme}-${width}-launch-seen.png`))
    }
    expect(await violations(studio.page)).toEqual([])
  }
  await launch.pickDisplay(/^A monitor on the card/u)
  await studio.waitForText(
    'Nobody could type into the guest: no keyboard goes to it, and the way it is seen brings none.',
  )
  await studio.camera.takeWhole(join(PICTURES, 'dark-launch-monitor-whole.png'))
})
