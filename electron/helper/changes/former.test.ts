import { expect, it } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import { HUGE_PAGE_LIMIT } from '#shared/facts/compute/huge-pages.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { Backups } from '../journal/backups.ts'
import { grantNodeAccess, reserveHugePages } from './former.ts'
import { NEVER_DONE } from './never-done.fixture.ts'

const host = simulated()
const work = { system: host, caller: 0, backups: new Backups(host), log: () => undefined, tx: '' }
const done = (values: Record<string, string>) => ({ files: [], createdDirectories: [], values })

it('A node that an earlier version gave away is root’s again, unless it is another’s', async () => {
  const node = '/dev/bus/usb/001/003'
  const change: ChangeOf<'grant-node-access'> = {
    ...{ kind: 'grant-node-access', what: 'usb', id: '1-1.2', node, uid: 1000 },
    expected: { uid: 0, what: '046d:c31c' },
  }
  const entry = { ...NEVER_DONE, change, before: done({ uid: '0', gid: '0', mode: String(0o664) }) }
  await host.setOwner(node, { uid: 33, gid: 0, mode: 0o660 })
  await grantNodeAccess.revert(work, change, entry)
  expect(await host.state(node)).toMatchObject({ uid: 33 })
  await host.setOwner(node, { uid: 1000, gid: 0, mode: 0o660 })
  await grantNodeAccess.revert(work, change, entry)
  expect(await host.state(node)).toMatchObject({ uid: 0, mode: 0o664 })
  await expect(grantNodeAccess.check(work, change)).rejects.toThrow('own unit does this')
})

it('A limit of huge pages that an earlier version raised is as before, or somebody’s', async () => {
  const change: ChangeOf<'reserve-huge-pages'> = { kind: 'reserve-huge-pages', pages: 8000, expected: { limit: 0 } }
  const entry = { ...NEVER_DONE, change, before: done({ limit: '0' }) }
  await host.writeAttribute(HUGE_PAGE_LIMIT, '9000\n')
  expect((await reserveHugePages.revert(work, change, entry)).note).toContain('was set to 9000 by somebody else')
  await host.writeAttribute(HUGE_PAGE_LIMIT, '8000\n')
  expect((await reserveHugePages.revert(work, change, entry)).note).toBeNull()
  expect(await host.read(HUGE_PAGE_LIMIT)).toEqual({ kind: 'text', text: '0\n' })
})
