import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from '../guest-bundle.ts'
import { labCache } from '../image.ts'
import type { LabRun } from '../machine.ts'
import { Notes } from '../notes.ts'
import { runAgain, runInLab } from '../run.ts'

/** Who has an equal card while the host has it. */
const HOST = 'virtio-pci'
const BOUND = 'vfio-pci'
const plan = z.looseObject({ changes: z.array(z.unknown()) })

/** Disks of machines that are switched off. */
const [FIRST, SECOND] = [keptDisk('moved'), keptDisk('bus-moved')]

function keptDisk(name: string): string {
  return join(labCache(), 'lab', `${name}-kept.qcow2`)
}

test.afterEach(async () => {
  for (const disk of [FIRST, SECOND]) await rm(disk, { force: true })
})

/** Equal cards, each behind a root port of its own; SeaBIOS numbers buses in the order of the ports' slots. */
function equalCards(...slots: readonly string[]): string[] {
  return slots.flatMap((slot, index) => [
    ...['-device', `pcie-root-port,id=port${slot},chassis=${21 + index},slot=${21 + index},addr=0x${slot}.0`],
    ...['-device', `virtio-gpu-pci,bus=port${slot}`],
  ])
}

/** Which of them is where, by its root port. */
function at(where: Readonly<Record<string, readonly [bus: string, driver: string]>>): unknown {
  return Object.fromEntries(
    Object.entries(where).map(([slot, [bus, driver]]) => [
      `0000:00:${slot}.0`,
      { address: `0000:${bus}:00.0`, driver },
    ]),
  )
}

async function notesOf(run: LabRun): Promise<Notes> {
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  return Notes.of(run.share)
}

/** The program says where ours went, plans nothing, starts nothing and has changed nothing, whoever asks it. */
function expectNothingDone(notes: Notes, what: string, where: RegExp): void {
  for (const asked of ['doctor', 'root doctor'])
    expect(notes.value(`${what}: ${asked}`), asked).toEqual(expect.stringMatching(where))
  for (const asked of ['plan bind', 'root plan bind']) {
    const planned = z.string().parse(notes.value(`${what}: ${asked}`))
    expect(plan.parse(JSON.parse(planned)).changes, asked).toEqual([])
  }
  expect(notes.value(`${what}: apply bind`)).not.toBe(0)
  expect(notes.value(`${what}: start`)).toMatchObject({ exitCode: 2 })
  expect(notes.value(`${what}: after`)).toEqual(notes.value(what))
}

test('of equal cards the reserved one alone is bound, and none where it has moved', async () => {
  test.setTimeout(70 * 60_000)
  const job = `exec node ${await bundleGuest('units/moved-scenario')} "$1"\n`

  await test.step('the reserved one is bound, also after a reboot, and a guest reports it', async () => {
    const notes = await notesOf(await runInLab('moved', job, { devices: equalCards('11', '12'), keep: FIRST }))
    expect(notes.value('start')).toEqual(at({ 11: ['02', HOST], 12: ['03', HOST] }))
    const bound = at({ 11: ['02', BOUND], 12: ['03', HOST] })
    expect(notes.value('reserved')).toEqual(bound)
    expect(notes.value('proven')).toMatchObject({ exitCode: 0, report: expect.stringContaining('1050') })
    expect(notes.value('rebooted')).toEqual(bound)
  })

  await test.step('where a third is added before them nothing is bound, and where ours went is said', async () => {
    const devices = equalCards('10', '11', '12')
    const notes = await notesOf(await runAgain('moved-bus', job, FIRST, { devices, keep: SECOND }))
    expect(notes.value('bus moved')).toEqual(at({ 10: ['02', HOST], 11: ['03', HOST], 12: ['04', HOST] }))
    expectNothingDone(notes, 'bus moved', /02:00\.0 is not at this address .* It is at 03:00\.0 by now\./u)
    expect(notes.value('bus moved: health')).toEqual(expect.stringContaining('02:00.0 is now 03:00.0'))
    const bound = at({ 10: ['02', HOST], 11: ['03', BOUND], 12: ['04', HOST] })
    expect(notes.value('followed')).toEqual(bound)
    expect(notes.value('followed and rebooted')).toEqual(bound)
  })

  await test.step('where ours hangs on another port, and its twin is where it was, nothing is bound either', async () => {
    const notes = await notesOf(await runAgain('moved-way', job, SECOND, { devices: equalCards('10', '12', '13') }))
    expect(notes.value('way moved')).toEqual(at({ 10: ['02', HOST], 12: ['03', HOST], 13: ['04', HOST] }))
    const where = /03:00\.0 is not at this address .*, behind other ports\. .* at 02:00\.0 and at 04:00\.0\./u
    expectNothingDone(notes, 'way moved', where)
    const elsewhere = 'is not at 02:00.0 any more; functions with its ids are at 03:00.0 and at 04:00.0.'
    expect(notes.value('way moved: health')).toEqual(expect.stringContaining(elsewhere))
    // What was bound at either address is not what is there now, so undo is not exact, and says of what.
    const kept = 'holds one of its kind behind other ports by now, which stays as it is.'
    expect(notes.value('undo')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(new RegExp(`^Taken back. 03:00.0 ${kept} 02:00.0 ${kept}`, 'u')),
    })
    expect(notes.value('undone')).toEqual(notes.value('way moved'))
  })
})
