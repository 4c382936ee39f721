import type { StudioWindow } from './studio-window.ts'

/** The nine steps on the simulated workstation as an admin clicks them, up to the running VM. */
export async function walkPaper(studio: StudioWindow): Promise<void> {
  await walkToBound(studio)
  await startMachine(studio)
}

/** Up to the card that belongs to vfio-pci. */
export async function walkToBound(studio: StudioWindow): Promise<void> {
  await walkToReboot(studio)
  await bindCard(studio)
}

/** Step 5, after the reboot. */
export async function bindCard(studio: StudioWindow): Promise<void> {
  await studio.goTo('Bind')
  await confirmBind(studio)
}

/** The clicks on step 5's page, however it was reached. */
export async function confirmBind(studio: StudioWindow): Promise<void> {
  await studio.confirmWith('04:00.0')
  await studio.press('Bind 2 functions, write 4 files and rebuild initramfs')
  await studio.waitForVerdict('ok')
}

/** Steps 8 and 9, with the card bound. */
export async function startMachine(studio: StudioWindow): Promise<void> {
  await studio.goTo('Definition')
  await studio.press('Write 2 files and build the proof guest')
  await studio.waitForVerdict('ok')
  await studio.goTo('Launch')
  await studio.press('Start the VM')
  await studio.waitForVerdict('ok')
}

/** Steps 2 and 3, up to the question for the reboot. */
export async function walkToChanges(studio: StudioWindow): Promise<void> {
  await studio.goTo('Kernel')
  await studio.press('Load vfio-pci and write 1 file')
  await studio.waitForVerdict('ok')
  await studio.goTo('Boot')
  await studio.press('Write 3 files, rebuild initramfs and update boot menu')
  await studio.waitForVerdict('after-reboot')
}

/** Steps 2 and 3, and the reboot. */
export async function walkToReboot(studio: StudioWindow): Promise<void> {
  await walkToChanges(studio)
  await studio.press('Reboot now')
  await studio.waitForText('The host was rebooted, and step 3 is proven')
}
