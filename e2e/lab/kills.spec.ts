import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from './guest-bundle.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const said = (words: string) => expect.stringContaining(words) as unknown

test('a VM whose app, host part, script or QEMU is killed is found again or cleaned up', async () => {
  const script = await bundleGuest('kills-scenario')
  const run = await runInLab('kills', `exec node ${script} "$1"\n`, { kernelArgs: 'intel_iommu=on' })
  expect(run.exitCode, run.log.slice(-5000)).toBe(0)
  const notes = await Notes.of(run.share)
  const running = { status: { state: 'running', error: null }, qemu: 1 }
  const ended = (words: string) => ({ status: { state: 'attention', error: said(words) }, qemu: 0 })

  await test.step('where the app was killed at the start, the VM runs by itself and is found', () => {
    expect(notes.value('app killed at the start')).toEqual({ signal: 'SIGKILL' })
    expect(notes.value('found running')).toMatchObject(running)
  })

  await test.step('where QEMU was killed while the guest ran, the reason is named', () => {
    expect(notes.value('QEMU killed')).toMatchObject(ended('Somebody on the host killed QEMU'))
  })

  await test.step('where root’s part was killed before QEMU, nothing is left', () => {
    expect(notes.value('host part killed')).toMatchObject({ exitCode: 2, stderr: said('The VM did not start') })
    expect(notes.value('after the host part')).toMatchObject({ qemu: 0 })
    expect(notes.value('started after the host part')).toMatchObject(running)
  })

  await test.step('where the script was killed, QEMU goes on', () => {
    expect(notes.value('script killed')).toMatchObject(ended('The host ended QEMU: signal 15'))
  })

  await test.step('where the kernel killed QEMU for lack of memory, that is named', () => {
    expect(notes.value('out of memory')).toMatchObject(ended('for lack of memory'))
  })

  await test.step('only the failed unit, with systemd’s reason, and unused socket names are left', () => {
    const left = (what: string) => z.looseObject({ left: z.array(z.string()) }).parse(notes.value(what)).left
    for (const what of ['QEMU killed', 'script killed'])
      expect(
        left(what).filter((line) => !line.startsWith('unit ')),
        what,
      ).toEqual([])
    // The kernel's kill took the script too, which takes the names away; the next start does.
    expect(left('out of memory').filter((line) => !/^(unit|socket file) /u.test(line))).toEqual([])
  })

  await test.step('where the app was killed while the guest shut down, the shutdown goes on', () => {
    expect(notes.value('app killed in shut down')).toEqual({ signal: 'SIGKILL' })
    expect(notes.value('shut down without the app')).toMatchObject({
      status: { state: 'off', error: null },
      qemu: 0,
      left: [],
    })
  })
})
