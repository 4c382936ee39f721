import { describe, expect, it } from 'vitest'
import { rootDirectory } from '#host/exec/other-user.fixture.ts'
import type { Change, ChangeKind } from '#shared/plan/change.ts'
import { Executor } from '../executor.ts'
import { RealSystem } from '../real-system.ts'
import { accountOf, assertCallersGroup, assertForCaller, assertOwnAccount } from './accounts.ts'

const PASSWD = `root:x:0:0:root:/root:/bin/sh
games:x:5:60:games:/usr/games:/usr/sbin/nologin
designer:x:1000:1000:Designer,,,:/home/designer:/bin/bash
guest:x:1001:100::/home/guest:/bin/bash
`
const DISK_GROUP = 6

const host = async () => new RealSystem(await rootDirectory({ '/etc/passwd': PASSWD }))

describe('the owner of a VM’s files', () => {
  it('follows the host’s account of a user id', async () => {
    const system = await host()
    expect(await accountOf(system, 1001)).toEqual({ name: 'guest', uid: 1001, gid: 100 })
    await expect(accountOf(system, 1002)).rejects.toThrow('There is no user with uid 1002')
  })

  it('is the user who asks, with that user’s group and no other', async () => {
    const [system, designer] = [await host(), { uid: 1000, gid: 1000 }]
    await assertForCaller({ system, caller: 1000 }, designer, 'It is made')
    await assertForCaller({ system, caller: 0 }, designer, 'It is made')
    const [other, disk] = [
      { system, caller: 1001 },
      { uid: 1000, gid: DISK_GROUP },
    ]
    await expect(assertForCaller(other, designer, 'It is made')).rejects.toThrow('only for the user who asks')
    for (const caller of [0, 1000])
      await expect(assertForCaller({ system, caller }, disk, 'It is made')).rejects.toThrow('not for group 6')
  })

  it('is called by its own name', async () => {
    const system = await host()
    const asked = { system, caller: 1000 }
    await assertOwnAccount(asked, { uid: 1000, gid: 1000, name: 'designer' }, 'A VM is defined')
    const other = { uid: 1000, gid: 1000, name: "designer';$(id)" }
    await expect(assertOwnAccount(asked, other, 'A VM is defined')).rejects.toThrow('only under its own name, designer')
  })

  it('has the group of the user who asks, or of any user where root asks', async () => {
    const system = await host()
    await assertCallersGroup({ system, caller: 1000 }, 1000, 'It is made')
    for (const gid of [100, 1000]) await assertCallersGroup({ system, caller: 0 }, gid, 'It is made')
    await expect(assertCallersGroup({ system, caller: 1000 }, 100, 'It is made')).rejects.toThrow('not for group 100')
    for (const gid of [DISK_GROUP, 60])
      await expect(assertCallersGroup({ system, caller: 0 }, gid, 'It is made')).rejects.toThrow('not for group')
  })
})

const HOME = '/var/lib/passthrough-studio/vms/designer'
const MADE: readonly Change[] = [
  { kind: 'create-disk-image', path: `${HOME}/disk.raw`, format: 'raw', sizeGiB: 1, uid: 1000, gid: DISK_GROUP },
  {
    kind: 'copy-firmware-vars',
    template: '/usr/share/OVMF/OVMF_VARS.fd',
    path: `${HOME}/vars.fd`,
    uid: 1000,
    gid: DISK_GROUP,
  },
  {
    kind: 'build-proof-guest',
    kernel: '/boot/vmlinuz-6.1.0',
    directory: HOME,
    note: '',
    gid: DISK_GROUP,
  },
]

describe('a plan that names another group than the user’s', () => {
  it.each(MADE.map((change): [ChangeKind, Change] => [change.kind, change]))('%s is refused', async (_kind, change) => {
    const system = await host()
    const executor = new Executor(system, 1000, () => undefined)
    const changes = [{ change, reason: '', before: null }]
    const plan = {
      id: 'p',
      step: 'definition' as const,
      changes,
      rebootNeeded: false,
      risk: 'none' as const,
      confirm: null,
    }
    await expect(executor.apply(plan)).rejects.toThrow('not for group 6')
    expect((await system.list('/var')).kind).toBe('absent')
  })
})
