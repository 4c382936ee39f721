import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { archGrub, archSystemdBoot } from '#e2e/hosts/distros/arch.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { violations } from '../axe.ts'
import { openStudio } from '../launch.ts'
import { CardsPage } from '../pages/cards-page.ts'
import { test } from '../window-test.ts'

test('step 3 asks which of two boot loaders and initramfs tools is in charge, and plans for it', async ({
  temporaryDirectory,
}) => {
  const both = {
    ...archGrub,
    files: { ...archGrub.files, ...archSystemdBoot.files },
    dirs: { '/etc/dracut.conf.d': [] },
    tools: [...archGrub.tools, 'dracut' as const],
  }
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'host.json'), JSON.stringify(recordingOf(machineOf(both))))
  const studio = await openStudio(`dir:${directory}`)
  await studio.rail.open('Boot')
  expect(await studio.verdict.word()).toBe('unknown')
  await studio.waitForText('/etc/default/grub, /boot/grub/grub.cfg and grub-mkconfig exist')
  await studio.waitForText('/boot/loader/loader.conf and entries beside it exist')
  expect(await violations(studio.page)).toEqual([])
  await studio.form.pick('Boot loader', /^systemd-boot/u)
  await studio.form.pick('Initramfs generator', /^dracut/u)
  await studio.verdict.waitFor('needs-work')
  await studio.waitForText('/boot/loader/entries/passthrough-studio-rescue.conf')
  await studio.waitForText('Rebuild initramfs with dracut')
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('two ticks made faster than the main process answers both count', async () => {
  const studio = await openStudio('paper')
  const cards = await new CardsPage(studio).open()
  await cards.openFurther()
  const ticks = cards.ticks()
  const before = await ticks.evaluateAll((boxes) => boxes.map((box) => box.matches(':checked')))
  expect(before.length).toBeGreaterThan(1)
  // One after the other, faster than main can answer.
  await ticks.evaluateAll(async (boxes: HTMLElement[]) => {
    for (const box of boxes) {
      box.click()
      await Promise.resolve()
    }
  })
  const after = before.map((on) => !on)
  expect(await ticks.evaluateAll((boxes) => boxes.map((box) => box.matches(':checked')))).toEqual(after)
  await studio.rail.open('Bind')
  await cards.open()
  await cards.openFurther()
  expect(await ticks.evaluateAll((boxes) => boxes.map((box) => box.matches(':checked')))).toEqual(after)
  expect(studio.complaints).toEqual([])
  await studio.close()
})
