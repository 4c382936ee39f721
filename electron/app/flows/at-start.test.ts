import { expect, it } from 'vitest'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { openSession } from '../session/session.ts'
import { Studio } from '../studio.ts'
import { factsOf } from './proven.fixture.ts'

const CARD = '0000:04:00.0'

const driverIn = (studio: Studio) => factsOf(studio).devices.find(({ address }) => address === CARD)?.driver ?? null

it('a card reserved while its VM runs goes to the guest, and comes back to the host', async () => {
  const session = await openSession('paper', 'unused')
  const studio = new Studio(session)
  await studio.open()
  if (!(session.host instanceof SimulatedHost)) throw new Error('not simulated')
  for (const id of ['kernel', 'boot'] as const) {
    await studio.apply(studio.viewOf(id).plan.id, null)
    if (id === 'boot') await studio.reboot()
  }
  const units = [{ address: CARD, identity: null, companions: [], when: 'vm' as const }]
  await studio.choose(choosing({ cards: { units }, definition: { comeBackMinutes: 5 } }))
  const before = driverIn(studio)
  expect(before).toBe('nouveau')
  expect(studio.viewOf('bind').plan.changes).toEqual([])
  const { plan } = studio.viewOf('definition')
  expect(plan.changes.map(({ change }) => (change.kind === 'write-file' ? change.path : change.kind))).toContain(
    '/var/lib/passthrough-studio/vms/designer/host.sh',
  )
  await studio.apply(plan.id, null)
  await studio.startVm()
  expect(driverIn(studio)).toBe('vfio-pci')
  expect(studio.viewOf('launch').verdict.status).toBe('ok')
  await studio.shutDownVm()
  expect(driverIn(studio)).toBe(before)
})
