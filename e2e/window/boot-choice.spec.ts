import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { recordingOf } from '#host/simulated/description.ts'
import { archGrub, archSystemdBoot } from '../hosts/distros/arch.ts'
import { machineOf } from '../hosts/distros/base.ts'
import { violations } from './axe.ts'
import { openStudio } from './launch.ts'

test('two boot loaders and two initramfs tools: step 3 asks, shows what was seen, and plans for the answer', async () => {
  const both = {
    ...archGrub,
    files: { ...archGrub.files, ...archSystemdBoot.files },
    dirs: { '/etc/dracut.conf.d': [] },
    tools: [...archGrub.tools, 'dracut' as const],
  }
  const directory = await mkdtemp(join(tmpdir(), 'studio-recording-'))
  await writeFile(join(directory, 'host.json'), JSON.stringify(recordingOf(machineOf(both))))
  const studio = await openStudio(`dir:${directory}`)
  await studio.goTo('Boot')
  expect(await studio.verdict()).toBe('unknown')
  await studio.waitForText('/etc/default/grub, /boot/grub/grub.cfg and grub-mkconfig exist')
  await studio.waitForText('/boot/loader/loader.conf and entries beside it exist')
  expect(await violations(studio.page)).toEqual([])
  await studio.pick('Boot loader', /^systemd-boot/u)
  await studio.pick('Initramfs generator', /^dracut/u)
  await studio.waitForVerdict('needs-work')
  await studio.waitForText('/boot/loader/entries/passthrough-studio-rescue.conf')
  await studio.waitForText('Rebuild initramfs with dracut')
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('two ticks before main has answered: both hold, at once and in main', async () => {
  const studio = await openStudio('paper')
  await studio.goTo('Bind')
  const ticks = studio.page.getByRole('region', { name: 'Choices' }).getByRole('checkbox')
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
  await studio.goTo('Cards')
  await studio.goTo('Bind')
  expect(await ticks.evaluateAll((boxes) => boxes.map((box) => box.matches(':checked')))).toEqual(after)
  expect(studio.complaints).toEqual([])
  await studio.close()
})
