import type { StudioWindow } from '../frame/studio-window.ts'
import { BindPage } from './bind-page.ts'
import { DefinitionPage } from './definition-page.ts'
import { LaunchPage } from './launch-page.ts'
import { StepPage } from './step-page.ts'

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
  await confirmBind(await new BindPage(studio).open())
}

/** The clicks on step 5's page, however it was reached. */
export async function confirmBind(bind: BindPage): Promise<void> {
  await bind.confirmWith('04:00.0')
  await bind.step.apply('Bind 2 functions, write 4 files and rebuild initramfs')
}

/** Steps 8 and 9, with the card bound. */
export async function startMachine(studio: StudioWindow): Promise<void> {
  await (await new DefinitionPage(studio).open()).writeProofGuest()
  await (await new LaunchPage(studio).open()).startAndProve()
}

/** Steps 2 and 3, up to the question for the reboot. */
export async function walkToChanges(studio: StudioWindow): Promise<void> {
  await loadVfio(studio)
  const boot = await new StepPage(studio, 'Boot').open()
  await boot.apply('Write 3 files, rebuild initramfs and update boot menu', 'after-reboot')
}

/** Step 2. */
export async function loadVfio(studio: StudioWindow): Promise<void> {
  await (await new StepPage(studio, 'Kernel').open()).apply('Load vfio-pci and write 1 file')
}

/** Steps 2 and 3, and the reboot. */
export async function walkToReboot(studio: StudioWindow): Promise<void> {
  await walkToChanges(studio)
  await studio.press('Reboot now')
  await studio.waitForText('The host was rebooted, and step 3 is proven')
}
