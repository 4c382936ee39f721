import { expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { definition } from '../definition/definition.ts'

/** What step 8 says of SELinux in this mode. */
async function said(selinux: Facts['host']['selinux']): Promise<unknown> {
  const facts = await paperFacts()
  const found = definition.check(situation({ ...facts, host: { ...facts.host, selinux } }))
  return found.find(({ code }) => code === 'definition-selinux')
}

it('Step 8 says nothing of SELinux where it is off', async () => {
  expect(await said(null)).toBeUndefined()
})

it('Step 8 says what SELinux does where it is on, and on which policy a VM was really run', async () => {
  expect(await said('permissive')).toMatchObject({
    status: 'pass',
    text: expect.stringContaining('permissive') as string,
  })
  expect(await said('enforcing')).toMatchObject({
    status: 'pass',
    text: expect.stringContaining('not on that of Fedora') as string,
    evidence: [{ source: '/sys/fs/selinux/enforce', quote: '1' }],
  })
})

it('Step 8 does not take SELinux for off where it cannot be read', async () => {
  expect(await said({ unknown: 'permission denied' })).toMatchObject({ status: 'unknown' })
})
