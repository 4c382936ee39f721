import { expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { bind } from './bind.ts'

it('A card on which the kernel hangs is told to need a reboot, and nothing is planned for it.', async () => {
  const facts = await paperFacts()
  const ready = { ...facts, kernel: { ...facts.kernel, vfioPciReady: true } }
  const well = situationOf(ready, DEFAULT_CHOICES)
  expect(bind.check(well).map(({ code }) => code)).not.toContain('bind-stuck')
  expect(bind.plan(well).changes).not.toEqual([])
  const devices = ready.devices.map((one) => ({ ...one, stuck: one.address === '0000:04:00.0' }))
  const hung = situationOf({ ...ready, devices }, DEFAULT_CHOICES)
  expect(bind.check(hung)).toContainEqual(
    expect.objectContaining({
      code: 'bind-stuck',
      status: 'fail',
      text: 'The kernel hangs on 04:00.0 since an earlier try, so nothing more is tried.',
    }),
  )
  expect(bind.plan(hung).changes).toEqual([])
})
