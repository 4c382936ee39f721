import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from '../guest-bundle.ts'
import { newerQemu } from '../newer-qemu.ts'
import { Notes } from '../notes.ts'
import { runInLab } from '../run.ts'

/** An Intel 82576 behind a port of its own; seven virtual functions at most. */
const DEVICES = ['-device', 'pcie-root-port,id=net,chassis=21,slot=21,addr=0x11.0', '-device', 'igb,bus=net']
const START = { card: 'bochs-drm', physical: 'igb', virtual: [] }
const BOUND = { card: 'vfio-pci', physical: 'igb', virtual: ['vfio-pci', 'none'] }
const proof = z.looseObject({
  report: z.looseObject({
    functions: z.array(z.looseObject({ vendorId: z.string(), deviceId: z.string() })),
  }),
})

test('virtual functions of a network card are made, one goes to a VM, and at each boot again', async () => {
  test.setTimeout(45 * 60_000)
  const script = await bundleGuest('units/virtual-functions-scenario')
  const run = await runInLab('virtual-functions', `exec node ${script} "$1"\n`, {
    devices: DEVICES,
    emulator: await newerQemu(),
    limitMs: 40 * 60_000,
  })
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('two are made that no driver of the host takes; one alone is bound, its card stays', () => {
    expect(notes.value('start')).toEqual(START)
    expect(notes.value('made')).toEqual({ ...START, virtual: ['none', 'none'] })
    expect(notes.value('bound')).toEqual(BOUND)
  })

  await test.step('they are there again after a reboot, and the same one is bound', () => {
    expect(notes.value('rebooted')).toEqual(BOUND)
  })

  await test.step('the guest reports one virtual function, before the reboot and after it', () => {
    for (const what of ['proven', 'proven again']) {
      const { exitCode, report } = z.object({ exitCode: z.number(), report: z.string() }).parse(notes.value(what))
      expect(exitCode, report).toBe(0)
      const seen = proof.parse(JSON.parse(report)).report.functions
      expect(seen.filter(({ vendorId, deviceId }) => `${vendorId}:${deviceId}` === '8086:10ca')).toHaveLength(1)
    }
  })

  await test.step('undo takes all of it back', () => {
    expect(notes.value('undo')).toBe(0)
    expect(notes.value('undone')).toEqual(START)
    expect(notes.differences('after everything')).toEqual([])
  })
})
