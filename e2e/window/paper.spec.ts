import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { EvidencePanel } from './frame/evidence-panel.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS } from './launch.ts'
import { BindPage } from './pages/bind-page.ts'
import { DefinitionPage } from './pages/definition-page.ts'
import { DevicesPage } from './pages/devices-page.ts'
import { DiagnosePage } from './pages/diagnose-page.ts'
import { JournalPage } from './pages/journal-page.ts'
import { LaunchPage } from './pages/launch-page.ts'
import { NetworkPage } from './pages/network-page.ts'
import { startMachine, walkPaper, walkToChanges, walkToReboot } from './pages/paper-walk.ts'
import { STEP_TITLES } from './pages/step-page.ts'
import { VmPage } from './pages/vm-page.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'paper')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

test('all nine steps can be clicked on the paper’s workstation, and taken back', async ({ studio }) => {
  await expect(studio.page.getByText('Simulated.')).toBeVisible()
  await walkPaper(studio)
  expect(await new LaunchPage(studio).functionsSeen()).toEqual([
    expect.stringMatching(/10de:13f1.*04:00.0, handed over/su),
    expect.stringMatching(/10de:0fbb.*04:00.1, handed over/su),
  ])
  for (const title of STEP_TITLES) {
    await studio.rail.open(title)
    // The rule for each boot is in place, and only a reboot proves it.
    expect(await studio.verdict.word(), title).toBe(title === 'Verify' ? 'after-reboot' : 'ok')
  }
  await takesTurns(studio)
  await (await new VmPage(studio).open()).shutDown()
  const journal = await new JournalPage(studio).open()
  await journal.undoEverything()
  expect((await journal.rows()).every((row) => row.includes('taken back'))).toBe(true)
  await studio.rail.open('Bind')
  expect(await studio.verdict.word()).toBe('needs-work')
})

/** A second VM beside the running "designer": added, told apart, barred while the other has the card, and forgotten. */
async function takesTurns(studio: StudioWindow): Promise<void> {
  const definition = await new DefinitionPage(studio).open()
  await definition.addVm('win')
  await studio.verdict.waitFor('needs-work')
  await definition.renameVm('designer')
  await studio.waitForText('Another VM is called “designer” already.')
  await studio.rail.open('Kernel')
  expect(await studio.title()).toBe('2 Kernel')
  const launch = await new LaunchPage(studio).open()
  expect(await studio.title()).toBe('9 Launch · win')
  await studio.waitForText('The VM "designer" is up and has 04:00.0 and 04:00.1.')
  await expect(launch.startButton()).toBeDisabled()
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Shut down “designer”')
  await studio.waitForText('No other VM that is up has anything that this one takes.')
  await startMachine(studio)
  await (await new VmPage(studio).open()).shutDown()
  await studio.rail.switchVm('designer')
  await definition.open()
  await definition.forgetVm('win')
  expect(await studio.title()).toBe('8 Definition')
  await launch.open()
  await launch.startAndProve()
}

test('the only display is not bound unless its address is typed', async ({ studio }) => {
  await walkToReboot(studio)
  const bind = await new BindPage(studio).open()
  await expect(bind.bindButton()).toBeDisabled()
  await bind.confirmWith('04:00.0', '04:00.1')
  await expect(bind.bindButton()).toBeDisabled()
  await bind.confirmWith('04:00.0')
  await expect(bind.bindButton()).toBeEnabled()
})

test('the recovery sheet can be read and saved before the reboot', async ({ studio }) => {
  await walkToChanges(studio)
  await studio.press('Recovery sheet')
  await studio.waitForText('sudo sh /var/lib/passthrough-studio/rescue.sh')
  await studio.camera.take(join(PICTURES, 'recovery.png'))
  const saved = join(PICTURES, 'sheet.txt')
  await studio.desktop.answerSaveDialog(saved)
  await studio.press('Save a copy…')
  await studio.waitForText(`Saved to ${saved}`)
  expect(await readFile(saved, 'utf8')).toContain('step 3: Render the boot menu with')
})

test('the table of devices is searched, and a row opens what lspci says', async ({ studio }) => {
  const devices = await new DevicesPage(studio).open()
  await devices.search('quadro')
  // The header, the card, and its sound function, whose verdict names the card.
  await expect(devices.rows()).toHaveCount(3)
  await devices.address('04:00.0').click()
  await studio.waitForText('lspci -D -nnvvk -s 0000:04:00.0')
  await expect(studio.page.getByText(/VGA compatible controller/u).first()).toBeVisible()
  await new EvidencePanel(studio).close()
  await devices.search('no such thing')
  await studio.waitForText('No function matches “no such thing”')
})

test('a finding opens its evidence and the step that fixes it', async ({ studio }) => {
  await studio.rail.open('Cards')
  await studio.press(/^Evidence: The card has no IOMMU group/u)
  await expect(studio.page.getByText('/sys/bus/pci/devices/0000:04:00.0/iommu_group').first()).toBeVisible()
  await new EvidencePanel(studio).close()
  await studio.press('Go to step 3')
  expect(await studio.title()).toBe('3 Boot')
})

const SAID = [
  "[   12.345678] x2apic: IRQ remapping doesn't support X2APIC mode",
  '[   88.123456] vfio-pci 0000:04:00.0: probe with driver vfio-pci failed with error -22',
  '[   91.000001] vfio-pci 0000:04:00.0: Invalid PCI ROM header signature: expecting 0xaa55, got 0xffff',
  'qemu-kvm: -device vfio-pci,host=04:00.0: vfio 0000:04:00.0: no iommu_group found: No such file or directory',
]

test('Diagnose explains pasted errors from this host, and leads to the step that fixes them', async ({ studio }) => {
  const diagnose = await new DiagnosePage(studio).open()
  await diagnose.explain(SAID.join('\n'))
  await studio.waitForText('Quadro M4000 at 04:00.0 is in no IOMMU group.')
  expect(await diagnose.answers()).toEqual(['iommu-probe-minus22', 'rom-bad-signature', 'iommu-x2apic-info'])
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of SIZES) {
      await studio.camera.setScheme(scheme)
      await studio.desktop.resize(width, height)
      await diagnose.open()
      await studio.camera.take(join(PICTURES, `${scheme}-${width}-diagnose-answers.png`))
      expect(await violations(studio.page)).toEqual([])
    }
  }
  await studio.press('Go to step 1')
  expect(await studio.title()).toBe('1 Platform')
})

test('Diagnose says what it could not read, and that it knows none of the text', async ({ studio }) => {
  const diagnose = await new DiagnosePage(studio).open()
  await diagnose.readVmLog()
  await studio.waitForText(/^No log could be read\..*no QEMU really runs/u)
  await diagnose.explain('all is well')
  await studio.waitForText(/That does not mean all is well/u)
  await studio.camera.take(join(PICTURES, 'diagnose-nothing.png'))
})

test('a new bridge waits to be confirmed, and can be undone at once', async ({ studio }) => {
  const network = await new NetworkPage(studio).open()
  await network.chooseNewBridge()
  await network.moveToBridge()
  await network.waitForCountdown()
  await studio.notice.waitUntilIdle()
  await studio.camera.take(join(PICTURES, 'network-not-kept.png'))
  expect(await violations(studio.page)).toEqual([])
  await network.goBack()
  await network.moveToBridge()
  await network.keep()
  expect(await studio.verdict.word()).toBe('ok')
  await expect(studio.page.getByText('not kept yet')).toHaveCount(0)
})
