import { expect, it } from 'vitest'
import { openSession } from '../session/session.ts'
import { MemoryStore } from '../session/state-store.ts'
import { Studio } from '../studio.ts'
import { walkSteps } from './proven.fixture.ts'

it('What root applied on a terminal is due and chosen in a user’s window too', async () => {
  const session = await openSession('paper', 'unused')
  const root = new Studio(session)
  const user = new Studio({ ...session, store: new MemoryStore() })
  await root.open()
  await user.open()
  await root.apply(root.viewOf('boot').plan.id, null)
  await user.recheck()
  expect(user.current.phase).toMatchObject({ kind: 'needs-reboot', step: 'boot', after: 'apply' })
  await root.undo({ kind: 'all' })
  await root.reboot()
  await user.recheck()
  expect(user.current.phase.kind).toBe('ready')
  await walkSteps(root)
  await user.recheck()
  expect(user.situation().choices.cards).toMatchObject({ units: [{ address: '0000:04:00.0' }] })
  expect(user.current.saved.choices.cards).toEqual({ units: null, virtualFunctions: [] })
})
