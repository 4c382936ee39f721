import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { bundleGuest } from '../guest-bundle.ts'
import { flavourName, PAIRS } from '../image.ts'
import { Notes } from '../notes.ts'
import { runInLab } from '../run.ts'
import { bootSeconds, earlyBoot, rowOf, ROWS } from './matrix.ts'

const FREE = ['bochs-drm', 'snd_hda_intel']
const BOUND = ['vfio-pci', 'vfio-pci']
const COMPETITORS = ['bochs', 'snd_hda_intel']

for (const pair of PAIRS) {
  const { loader, initramfs } = pair
  test(`${loader} with ${initramfs} binds from early boot, and is undone to the last byte`, async () => {
    const name = flavourName(pair)
    const script = await bundleGuest('matrix-scenario')
    const run = await runInLab(`matrix-${name}`, `exec node ${script} "$1"\n`, { flavour: pair })
    expect(run.exitCode, run.log).toBe(0)
    const notes = await Notes.of(run.share)
    await mkdir(ROWS, { recursive: true })
    await writeFile(join(ROWS, `${name}.json`), JSON.stringify(rowOf(pair, notes, bootSeconds(run.log))))

    await test.step('untouched, the host’s drivers take the card while the initramfs runs', () => {
      expect(notes.drivers('boot 1')).toMatchObject({ drivers: FREE, groups: 0 })
      const { firstMessage, rootMounted } = earlyBoot(notes, 1)
      expect(firstMessage('bochs-drm 0000:01:00.0')).toBeLessThan(rootMounted)
    })

    await test.step('step 3 and a reboot switch the IOMMU on', () => {
      expect(notes.verb('apply kernel')).toMatchObject({ exitCode: 0 })
      expect(notes.verb('apply boot')).toMatchObject({ exitCode: 0 })
      expect(notes.drivers('boot 2').groups).toBeGreaterThan(3)
      expect(notes.drivers('boot 2').drivers).toEqual(FREE)
    })

    await test.step('after step 5 and a reboot vfio-pci has the card before the root filesystem is mounted', () => {
      expect(notes.verb('apply bind --confirm 01:00.0')).toMatchObject({ exitCode: 0 })
      expect(notes.drivers('bound').drivers).toEqual(BOUND)
      expect(notes.drivers('boot 3').drivers).toEqual(BOUND)
      const { firstMessage, rootMounted, ...seen } = earlyBoot(notes, 3)
      expect(seen.early).toBe('0000:01:00.0 vfio-pci\n0000:01:00.1 vfio-pci\n')
      expect(firstMessage('vfio-pci 0000:01:00.0')).toBeLessThan(rootMounted)
      expect(seen.competitors, 'the drivers that lost were loaded').toEqual(COMPETITORS)
      expect(
        seen.messages.filter((line) => /(bochs-drm|snd_hda_intel) 0000:01|bochs-drm .* on minor/u.test(line)),
      ).toEqual([])
      expect(notes.verb('doctor --json').stdout).toContain(
        'This boot bound the card by itself, before any other driver.',
      )
    })

    await test.step('the rescue entry boots without anything of ours, and the host’s drivers have the card', () => {
      const { cmdline, ...rescued } = notes.drivers('rescue boot')
      expect(rescued).toEqual({ drivers: FREE, groups: 0 })
      expect(cmdline).toContain('passthrough_studio=off')
      expect(cmdline).not.toContain('intel_iommu=on')
      expect(earlyBoot(notes, 4).early).toBeNull()
    })

    await test.step('undo and a reboot restore every byte', () => {
      expect(notes.verb('undo --all')).toMatchObject({ exitCode: 0 })
      expect(notes.differences('undone')).toEqual([])
      expect(notes.drivers('boot 5')).toMatchObject({ drivers: FREE, groups: 0 })
      expect(notes.drivers('boot 5').cmdline).not.toContain('passthrough_studio')
      expect(notes.differences('after everything')).toEqual([])
      expect(earlyBoot(notes, 5).early).toBeNull()
    })
  })
}
