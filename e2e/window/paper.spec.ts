import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { ARTIFACTS } from './launch.ts'
import { startMachine, walkPaper, walkToChanges, walkToReboot } from './pages/paper-walk.ts'
import type { StudioWindow } from './pages/studio-window.ts'
import { test } from './paper-test.ts'

const PICTURES = join(ARTIFACTS, 'paper')
const TITLES = ['Platform', 'Kernel', 'Boot', 'Cards', 'Bind', 'Verify', 'Network', 'Definition', 'Launch']
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

test('all nine steps can be clicked on the paper’s workstation, and taken back', async ({ studio }) => {
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
  await takesTurns(studio)
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

/** A second VM beside the running "designer": added, told apart, barred while the other has the card, and forgotten. */
async function takesTurns(studio: StudioWindow): Promise<void> {
  await studio.goTo('Definition')
  await studio.addVm('win')
  await studio.waitForVerdict('needs-work')
  await studio.renameVm('designer')
  await studio.waitForText('Another VM is called “designer” already.')
  await studio.goTo('Kernel')
  expect(await studio.title()).toBe('2 Kernel')
  await studio.goTo('Launch')
  expect(await studio.title()).toBe('9 Launch · win')
  await studio.waitForText('The VM "designer" is up and has 04:00.0 and 04:00.1.')
  await expect(studio.page.getByRole('button', { name: 'Start the VM' })).toBeDisabled()
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Shut down “designer”')
  await studio.waitForText('No other VM that is up has anything that this one takes.')
  await startMachine(studio)
  await studio.goTo('VM')
  await studio.press('Shut down')
  await studio.waitForText(/^off/u)
  await studio.switchVm('designer')
  await studio.goTo('Definition')
  await studio.press('Forget “win”…')
  await studio.press('Forget “win”')
  await studio.waitForText('The VM "win" is forgotten.')
  expect(await studio.title()).toBe('8 Definition')
  await studio.goTo('Launch')
  await studio.press('Start the VM')
  await studio.waitForVerdict('ok')
}

test('the only display is not bound without its name typed', async ({ studio }) => {
  await walkToReboot(studio)
  await studio.goTo('Bind')
  const bind = studio.page.getByRole('button', { name: /^Bind 2 functions/u })
  await expect(bind).toBeDisabled()
  await studio.confirmWith('04:00.0', '04:00.1')
  await expect(bind).toBeDisabled()
  await studio.confirmWith('04:00.0')
  await expect(bind).toBeEnabled()
})

test('the recovery sheet can be read and saved before the reboot', async ({ studio }) => {
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

test('devices: searched, filtered, and each opened to what lspci says', async ({ studio }) => {
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

test('evidence is one click away, and so is the step that mends a finding', async ({ studio }) => {
  await studio.goTo('Cards')
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

test('Diagnose explains pasted errors from this host, and leads to the step that mends them', async ({ studio }) => {
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

test('Diagnose says what could not be read, and that nothing is known', async ({ studio }) => {
  await studio.goTo('Diagnose')
  await studio.press('Read this VM’s log')
  await studio.waitForText(/^No log could be read\..*no QEMU really runs/u)
  await studio.fill('Error or log', 'all is well')
  await studio.press('Explain this text')
  await studio.waitForText(/That does not mean all is well/u)
  await studio.picture(join(PICTURES, 'diagnose-nothing.png'))
})

test('a new bridge waits to be kept, and can be taken back at once', async ({ studio }) => {
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
