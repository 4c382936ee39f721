import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { mkdir, readFile } from 'node:fs/promises'
import { walkPaper, walkToBound, walkToChanges, walkToReboot } from '../pages/paper-walk.ts'
import type { StudioWindow } from '../pages/studio-window.ts'
import { violations } from './axe.ts'
import { ARTIFACTS, openStudio } from './launch.ts'

const PICTURES = join(ARTIFACTS, 'paper')
const TITLES = ['Platform', 'Kernel', 'Boot', 'Card', 'Bind', 'Verify', 'Network', 'Machine', 'Launch']
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

let studio: StudioWindow

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))
test.beforeEach(async () => {
  studio = await openStudio('paper')
})
test.afterEach(async () => {
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('all nine steps can be clicked on the paper’s workstation, and taken back', async () => {
  await expect(studio.page.getByText('Simulated.')).toBeVisible()
  await walkPaper(studio)
  expect(await studio.rows('Functions the guest sees')).toEqual([
    expect.stringMatching(/10de:13f1.*04:00.0, handed over/su),
    expect.stringMatching(/10de:0fbb.*04:00.1, handed over/su),
  ])
  for (const title of TITLES) {
    await studio.goTo(title)
    // The rule for each boot is in place, and only a reboot proves it.
    expect(await studio.verdict(), title).toBe(title === 'Verify' ? 'after-reboot' : 'ok')
  }
  await studio.goTo('VM')
  await studio.press('Shut down')
  await studio.waitForText(/^off/u)
  await studio.goTo('Journal')
  await studio.press(/^Undo everything/u)
  await studio.waitForText('Taken back.')
  expect((await studio.rows('Journal')).every((row) => row.includes('taken back'))).toBe(true)
  await studio.goTo('Bind')
  expect(await studio.verdict()).toBe('needs-work')
})

test('the only display is not bound without its name typed', async () => {
  await walkToReboot(studio)
  await studio.goTo('Bind')
  const bind = studio.page.getByRole('button', { name: /^Bind 2 functions/u })
  await expect(bind).toBeDisabled()
  await studio.confirmWith('04:00.0', '04:00.1')
  await expect(bind).toBeDisabled()
  await studio.confirmWith('04:00.0')
  await expect(bind).toBeEnabled()
})

test('the recovery sheet can be read and saved before the reboot', async () => {
  await walkToChanges(studio)
  await studio.press('Recovery sheet')
  await studio.waitForText('sudo sh /var/lib/passthrough-studio/rescue.sh')
  await studio.picture(join(PICTURES, 'recovery.png'))
  const saved = join(PICTURES, 'sheet.txt')
  await studio.answerSaveDialog(saved)
  await studio.press('Save a copy…')
  await studio.waitForText(`Saved to ${saved}`)
  expect(await readFile(saved, 'utf8')).toContain('step 3: Render the boot menu with')
})

test('devices: searched, filtered, and each opened to what lspci says', async () => {
  await studio.goTo('Devices')
  await studio.fill('Search', 'quadro')
  // The header, the card, and its sound function, whose verdict names the card.
  await expect(studio.page.getByRole('row')).toHaveCount(3)
  await studio.page.getByRole('gridcell', { name: '04:00.0', exact: true }).click()
  await studio.waitForText('lspci -D -nnvvk -s 0000:04:00.0')
  await expect(studio.page.getByText(/VGA compatible controller/u).first()).toBeVisible()
  await studio.press('Close evidence')
  await studio.fill('Search', 'no such thing')
  await studio.waitForText('No function matches “no such thing”')
})

test('a Windows 11 VM is written with its disk and UEFI variables, and each default says why', async () => {
  await walkToBound(studio)
  await studio.goTo('Machine')
  await studio.pick('What the VM is for', /^Windows 11 designer/u)
  await studio.waitForText(/^: UEFI with Secure Boot, TPM on, screen on/u)
  await studio.waitForText(/^Empty: 24\. 12 of 14 cores, 2 threads each as on the host/u)
  for (const fold of [/^Firmware, TPM/u, /^Keyboard, mouse/u, /^Sound/u]) await studio.unfold(fold)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.setScheme(scheme)
    // Leaves the button, whose hint would lie over the page.
    await studio.goTo('Machine')
    await studio.picture(join(PICTURES, `${scheme}-1280-machine-windows.png`))
    await studio.fullPicture(join(PICTURES, `${scheme}-machine-windows-whole.png`))
    expect(await violations(studio.page)).toEqual([])
  }
  await studio.press('Write 2 files, create the disk and copy the UEFI variables')
  await studio.waitForVerdict('ok')
  await keepAndGoBack()
  await forceOffByQuestion()
  await studio.goTo('Machine')
  await studio.press(/^Undo step/u)
  await studio.waitForVerdict('needs-work')
})

/** Snapshots of the VM while it is off: a name that does not fit, taken, gone back to, deleted. */
async function keepAndGoBack(): Promise<void> {
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
async function forceOffByQuestion(): Promise<void> {
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

test('the host’s devices go to the VM, the last keyboard only by its name, and disks in use never', async () => {
  await walkToBound(studio)
  await studio.goTo('Machine')
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

test('step 9 wants somebody to see and to type before the VM starts', async () => {
  await walkToBound(studio)
  await studio.goTo('Machine')
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

test('evidence is one click away, and so is the step that mends a finding', async () => {
  await studio.goTo('Card')
  await studio.press(/^Evidence: The card has no IOMMU group/u)
  await expect(studio.page.getByText('/sys/bus/pci/devices/0000:04:00.0/iommu_group').first()).toBeVisible()
  await studio.press('Close evidence')
  await studio.press('Go to step 3')
  expect(await studio.title()).toBe('3 Boot')
})

const SAID = [
  "[   12.345678] x2apic: IRQ remapping doesn't support X2APIC mode",
  '[   88.123456] vfio-pci 0000:04:00.0: probe with driver vfio-pci failed with error -22',
  '[   91.000001] vfio-pci 0000:04:00.0: Invalid PCI ROM header signature: expecting 0xaa55, got 0xffff',
  'qemu-kvm: -device vfio-pci,host=04:00.0: vfio 0000:04:00.0: no iommu_group found: No such file or directory',
]

test('Diagnose explains pasted errors from this host, and leads to the step that mends them', async () => {
  await studio.goTo('Diagnose')
  await studio.fill('Error or log', SAID.join('\n'))
  await studio.press('Explain this text')
  await studio.waitForText('Quadro M4000 at 04:00.0 is in no IOMMU group.')
  const answers = studio.page.locator('[data-answer]')
  expect(await answers.evaluateAll((all) => all.map((answer) => answer.getAttribute('data-answer')))).toEqual([
    'iommu-probe-minus22',
    'rom-bad-signature',
    'iommu-x2apic-info',
  ])
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of SIZES) {
      await studio.setScheme(scheme)
      await studio.resize(width, height)
      await studio.goTo('Diagnose')
      await studio.picture(join(PICTURES, `${scheme}-${width}-diagnose-answers.png`))
      expect(await violations(studio.page)).toEqual([])
    }
  }
  await studio.press('Go to step 1')
  expect(await studio.title()).toBe('1 Platform')
})

test('Diagnose says what could not be read, and that nothing is known', async () => {
  await studio.goTo('Diagnose')
  await studio.press('Read this VM’s log')
  await studio.waitForText(/^No log could be read\..*no QEMU really runs/u)
  await studio.fill('Error or log', 'all is well')
  await studio.press('Explain this text')
  await studio.waitForText(/That does not mean all is well/u)
  await studio.picture(join(PICTURES, 'diagnose-nothing.png'))
})

test('a new bridge waits to be kept, and can be taken back at once', async () => {
  await studio.goTo('Network')
  await studio.choose(/^A new bridge, br-vm/u)
  await studio.press('Write 2 files, move the network to the bridge and make 1 tap')
  await studio.waitForText(/The old one comes back by itself in \d+ s\./u)
  await studio.waitUntilIdle()
  await studio.picture(join(PICTURES, 'network-not-kept.png'))
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Go back now')
  await studio.waitForText('Taken back.')
  await studio.press('Write 2 files, move the network to the bridge and make 1 tap')
  await studio.press('Keep this network')
  await studio.waitForText('The new network is kept.')
  expect(await studio.verdict()).toBe('ok')
  await expect(studio.page.getByText('not kept yet')).toHaveCount(0)
})
