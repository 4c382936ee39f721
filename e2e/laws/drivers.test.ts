import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { driversOf } from '#app/views/driver-rows.ts'
import { situationOf } from '#core/situation.ts'
import { cardsOf } from '#core/units/units.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { TextHost } from '#host/text/text-host.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type DriversView, driversView } from '#shared/ipc/driver-row.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { type Choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { recordedMachines } from '../hosts/recorded-machines.ts'
import { Walk } from './walk.ts'

const MACHINES = recordedMachines()

function viewOf(facts: Facts, choices: Choices): DriversView {
  const bind = stepView(facts, 'bind', choices)
  return driversView.parse(driversOf(situationOf(facts, choices), bind))
}

/** Functions whose driver was foretold, and what each really has. */
function wrong(view: DriversView, of: 'nextBoot' | 'planned', facts: Facts): string[] {
  return view.rows.flatMap((row) => {
    const foretold = of === 'nextBoot' ? row.nextBoot : row.planned?.nextBoot
    const real = facts.devices.find((device) => device.address === row.address)?.driver ?? null
    if (foretold === undefined || isUnknown(foretold.driver) || foretold.driver === real) return []
    return [`${row.address}: ${foretold.driver ?? 'none'}, really ${real ?? 'none'}`]
  })
}

describe('drivers of every card of every described host', () => {
  it.each(MACHINES)('on $name are after a reboot as predicted', async ({ description }) => {
    const host = simulated(description)
    const before = await factsFrom(host)
    const views = cardsOf(before).map((card) => viewOf(before, choosing({ cards: reserving(card.address) })))
    host.reboot()
    const after = await factsFrom(host)
    expect(views.flatMap((view) => wrong(view, 'nextBoot', after))).toEqual([])
    for (const [index, card] of cardsOf(before).entries()) {
      const listed = views[index]?.rows.map((row) => row.address) ?? []
      expect(new Set(listed)).toEqual(new Set([...card.functions.map((one) => one.address), ...card.groupMembers]))
    }
  })
})

describe('the Drivers panel before and after step 5', () => {
  it('predicts the plan, the move and the reboot on the paper’s workstation', async () => {
    const walk = await Walk.start(MACHINES[0]?.description ?? raise())
    for (const step of ['kernel', 'boot'] as const) await walk.apply(step)
    const look = () => factsFrom(walk.host)
    const before = viewOf(await look(), DEFAULT_CHOICES)
    expect(before.plan).toMatch(/^Step 5 plans \d+ changes\.$/u)
    const shown = before.rows.map(({ today, nextBoot, planned }) => [
      today.driver,
      nextBoot.driver,
      planned?.driver,
      planned?.override,
      planned?.nextBoot.driver,
    ])
    expect(shown).toEqual([
      ['nouveau', 'nouveau', 'vfio-pci', 'vfio-pci', 'vfio-pci'],
      ['snd_hda_intel', 'snd_hda_intel', 'vfio-pci', 'vfio-pci', 'vfio-pci'],
    ])
    await walk.apply('bind')
    const bound = viewOf(await look(), DEFAULT_CHOICES)
    expect(bound).toMatchObject({ plan: 'Step 5 has nothing left to change.' })
    expect(bound.rows.map((row) => [row.today.driver, row.nextBoot.driver, row.planned])).toEqual([
      ['vfio-pci', 'vfio-pci', null],
      ['vfio-pci', 'vfio-pci', null],
    ])
    walk.host.reboot()
    const after = await look()
    expect([...wrong(before, 'planned', after), ...wrong(bound, 'nextBoot', after)]).toEqual([])
    expect(viewOf(after, DEFAULT_CHOICES).rows[0]?.nextBoot.evidence.map((seen) => seen.source)).toContain(
      '/run/passthrough-studio/early-bind',
    )
  })

  it('says why step 5 plans nothing yet, and shows no rows without a card', async () => {
    const facts = await factsFrom(simulated(MACHINES[0]?.description ?? raise()))
    const view = viewOf(facts, DEFAULT_CHOICES)
    expect(view.plan).toMatch(/^Step 5 plans nothing yet\. /u)
    expect(view.rows.map((row) => row.planned)).toEqual([null, null])
    expect(viewOf({ ...facts, devices: [] }, DEFAULT_CHOICES)).toEqual({
      card: null,
      plan: '',
      rows: [],
      leftovers: [],
    })
  })

  it('predicts nothing from a pasted text, and takes no unnamed driver for absent', async () => {
    const text = readFileSync(join(import.meta.dirname, '../hosts/texts', 'groups-loop.txt'), 'utf8')
    const facts = await factsFrom(TextHost.from(text, 'x'))
    const { rows } = viewOf(facts, choosing({ cards: reserving('0000:01:00.0') }))
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.every((row) => isUnknown(row.nextBoot.driver) && isUnknown(row.today.driver))).toBe(true)
  })
})

function raise(): never {
  throw new RangeError('no machine')
}
