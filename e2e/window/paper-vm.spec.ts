import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { ARTIFACTS } from './launch.ts'
import { walkToBound } from './pages/paper-walk.ts'
import type { StudioWindow } from './pages/studio-window.ts'
import { test } from './paper-test.ts'

const PICTURES = join(ARTIFACTS, 'paper')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

test('a Windows 11 VM is written with its disk and UEFI variables, and each default says why', async ({ studio }) => {
  await walkToBound(studio)
  await studio.goTo('Definition')
  await studio.pick('What the VM is for', /^Windows 11 designer/u)
  await studio.waitForText(/^: UEFI with Secure Boot, TPM on, screen on/u)
  await studio.waitForText(/^Empty: 24\. 12 of 14 cores, 2 threads each as on the host/u)
  for (const fold of [/^Firmware, TPM/u, /^Processors and/u, /^Keyboard, mouse/u, /^Sound/u]) await studio.unfold(fold)
  await studio.tick(/^Huge pages/u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.setScheme(scheme)
    // Leaves the button, whose hint would lie over the page.
    await studio.goTo('Definition')
    await studio.picture(join(PICTURES, `${scheme}-1280-machine-windows.png`))
    await studio.fullPicture(join(PICTURES, `${scheme}-machine-windows-whole.png`))
    expect(await violations(studio.page)).toEqual([])
  }
  await studio.press('Write 2 files, create the disk and copy the UEFI variables')
  await studio.waitForVerdict('ok')
  await studio.goTo('Launch')
  await studio.waitForText('Let the kernel make up to 7680 huge pages of 2 MiB')
  await keepAndGoBack(studio)
  await forceOffByQuestion(studio)
  await studio.goTo('Definition')
  await studio.press(/^Undo step/u)
  await studio.waitForVerdict('needs-work')
})

/** Snapshots of the VM while it is off: a name that does not fit, taken, gone back to, deleted. */
async function keepAndGoBack(studio: StudioWindow): Promise<void> {
  await studio.goTo('VM')
  await studio.fill('Name of a new snapshot', '12')
  await studio.waitForText(/^A name of digits alone/u)
  await studio.fill('Name of a new snapshot', 'before-driver')
  await studio.press('Take a snapshot')
  await studio.waitForText('The snapshot “before-driver” is taken.')
  await studio.press('Go back… before-driver')
  const back = await studio.question()
  expect(back.focused).toBe('Stay')
  expect(back.text).toContain('the disk, the UEFI settings and the TPM')
  expect(await violations(studio.page)).toEqual([])
  await studio.answer('Go back')
  await studio.waitForText(/^The VM is as in “before-driver” again\. .* kept as “before-going-back-/u)
  expect(await studio.rows('Snapshots')).toEqual([
    expect.stringMatching(/^before-driver.*Disk, UEFI settings, TPM/su),
    expect.stringMatching(/^before-going-back-/u),
  ])
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Delete… before-driver')
  expect((await studio.question()).text).toContain('lost for good')
  await studio.answer('Delete')
  await studio.waitForText('The snapshot “before-driver” is deleted.')
  expect(await studio.rows('Snapshots')).toEqual([expect.stringMatching(/^before-going-back-/u)])
}

/** The VM goes on after Enter, which presses the way out, and ends when the question is answered with yes. */
async function forceOffByQuestion(studio: StudioWindow): Promise<void> {
  await studio.press('Start the VM')
  await studio.waitForText(/^Not while the VM is on: what goes on inside the passed card/u)
  await studio.press('Force off…')
  const { text, ...rest } = await studio.question()
  expect(text).toContain('as by a power cut')
  expect(rest).toEqual({ focused: 'Keep it running', answers: ['Keep it running', 'Force off'] })
  await studio.pressKey('Enter')
  await studio.waitForNoQuestion()
  await studio.waitForText(/^running/u)
  await studio.goTo('Launch')
  await studio.press('Force off…')
  await studio.answer('Force off')
  await studio.waitForButton('Start the VM')
}

test('the host’s devices go to the VM, the last keyboard only by its name, and disks in use never', async ({
  studio,
}) => {
  await walkToBound(studio)
  await studio.goTo('Definition')
  await studio.pick('What the VM is for', /^Windows 10/u)
  await studio.pick('Disk', /^A whole disk of this host/u)
  await expect(studio.page.getByRole('radio', { name: /^Samsung SSD 850.*The host needs it: / })).toBeDisabled()
  await studio.pick('Disk of this host', /^WDC WD10EZEX/u)
  await studio.unfold(/^Keyboard, mouse/u)
  await studio.tick(/^Logitech USB Keyboard\s*Keyboard, port 1-1\.2/u)
  await studio.waitForText(/is the only keyboard of this host; while the VM runs/u)
  await studio.picture(join(PICTURES, 'machine-last-keyboard.png'))
  const write = studio.page.getByRole('button', { name: /^Write 2 files/u })
  await expect(write).toBeDisabled()
  await studio.untick(/^Logitech USB Keyboard\s*Keyboard, port 1-1\.2/u)
  await studio.tick(/^Logitech USB Keyboard\s*Keyboard$/u)
  await expect(write).toBeEnabled()
  await studio.press(/^Write 2 files/u)
  await studio.waitForVerdict('ok')
})

test('step 9 wants somebody to see and to type before the VM starts', async ({ studio }) => {
  await walkToBound(studio)
  await studio.goTo('Definition')
  await studio.pick('What the VM is for', /^Windows 10/u)
  await studio.goTo('Launch')
  await studio.waitForText('Somebody can type into the guest.')
  for (const [way, words] of [
    [/^A monitor on the card/u, 'A monitor is on DP-1.'],
    [/^Looking Glass/u, /^Looking Glass: The VM has no memory for the picture/u],
    [/^Remote desktop/u, /^Remote desktop \(RDP\): The VM has a private network/u],
  ] as const) {
    await studio.pick('How the guest is seen', way)
    await studio.waitForText(words)
  }
  await studio.press('Ask TCP port 3389')
  await studio.waitForText('No guest runs on this host.')
  for (const scheme of ['light', 'dark'] as const) {
    await studio.setScheme(scheme)
    await studio.goTo('Launch')
    for (const [width, height] of SIZES) {
      await studio.resize(width, height)
      await studio.picture(join(PICTURES, `${scheme}-${width}-launch-seen.png`))
    }
    expect(await violations(studio.page)).toEqual([])
  }
  await studio.pick('How the guest is seen', /^A monitor on the card/u)
  await studio.waitForText(
    'Nobody could type into the guest: no keyboard goes to it, and the way it is seen brings none.',
  )
  await studio.fullPicture(join(PICTURES, 'dark-launch-monitor-whole.png'))
})
