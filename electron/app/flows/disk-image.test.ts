import { describe, expect, it } from 'vitest'
import { Executor } from '#helper/executor.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { Change, ChangeOf } from '#shared/plan/change.ts'
import type { Plan } from '#shared/plan/plan.ts'

const HOME = '/var/lib/passthrough-studio/vms/designer'
const DISK = `${HOME}/disk.qcow2`
const VARS = `${HOME}/vars.fd`
const USER = { uid: 1000, gid: 1000 }

const disk: Change = { kind: 'create-disk-image', path: DISK, format: 'qcow2', sizeGiB: 64, ...USER }
const vars: Change = { kind: 'copy-firmware-vars', template: '/usr/share/OVMF/OVMF_VARS.fd', path: VARS, ...USER }

const PLACE = { directory: '/srv/vms', mount: '/' }
const GONE = { directory: '/srv/gone', mount: '/' }
const PLACED: ChangeOf<'create-disk-image'> = {
  ...{ kind: 'create-disk-image', path: '/srv/vms/passthrough-studio/designer/disk.qcow2' },
  ...{ format: 'qcow2', sizeGiB: 640, place: PLACE, ...USER },
}
const ROOTS = { mode: 0o755, uid: 0, gid: 0 }
const bytes = (text: string) => new TextEncoder().encode(text)

async function withPlace(host: ReturnType<typeof machine>['host']): Promise<void> {
  for (const path of ['/srv', '/srv/vms']) await host.makeDirectory(path, ROOTS)
}

function planOf(changes: readonly Change[]): Plan {
  const planned = changes.map((change) => ({ change, reason: '', before: null }))
  return { id: 'p', step: 'definition', changes: planned, rebootNeeded: false, risk: 'reversible', confirm: null }
}

function machine() {
  const host = simulated()
  const helper = (caller = 0) => new Executor(host, caller, () => undefined)
  const write = (path: string) =>
    host.writeAtomic(path, new TextEncoder().encode('by the guest'), { mode: 0o600, ...USER })
  return { host, helper, write }
}

const refusal = (code: string) => ({ problem: { code } })

describe('a VM’s disk and variables', () => {
  it('belong to the VM’s user, and undo removes them while nobody has written to them', async () => {
    const { host, helper } = machine()
    await helper().apply(planOf([disk, vars]))
    expect(await host.read(VARS)).toEqual({ kind: 'text', text: 'variables\n' })
    expect(await helper().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect([await host.state(DISK), await host.state(VARS), await host.state(HOME)]).toEqual([null, null, null])
  })

  it('stay, and are named by undo, once a guest has written to them', async () => {
    const { host, helper, write } = machine()
    await helper().apply(planOf([disk, vars]))
    await write(DISK)
    expect(await helper().undo({ kind: 'all' })).toEqual({
      notes: [expect.stringContaining(`${DISK} was kept`)],
      left: [],
    })
    expect(await host.read(DISK)).toEqual({ kind: 'text', text: 'by the guest' })
    expect(await host.state(VARS)).toBeNull()
    await expect(helper().apply(planOf([disk]))).rejects.toMatchObject(refusal('conflict'))
  })

  it('preserve the guest’s boot entries when step 8 is applied again', async () => {
    const { host, helper, write } = machine()
    await helper().apply(planOf([vars]))
    await write(VARS)
    await helper().undo({ kind: 'all' })
    await helper().apply(planOf([vars]))
    expect(await host.read(VARS)).toEqual({ kind: 'text', text: 'by the guest' })
    await helper().undo({ kind: 'all' })
    expect(await host.read(VARS)).toEqual({ kind: 'text', text: 'by the guest' })
  })

  it.each<[string, Change, string]>([
    ['a disk that does not fit', { ...disk, sizeGiB: 4000 }, 'disk-full'],
    ['a disk elsewhere', { ...disk, path: '/etc/disk.qcow2' }, 'refused'],
    ['a disk of another name', { ...disk, path: `${HOME}/vm.json` }, 'refused'],
    ['a disk out of the VM’s directory', { ...disk, path: `${HOME}/../../disk.qcow2` }, 'refused'],
    ['a format that is not the name’s', { ...disk, format: 'raw' }, 'refused'],
    ['variables from a file that is no firmware', { ...vars, template: '/etc/passwd' }, 'refused'],
    ['variables by a detour', { ...vars, template: '/usr/share/../../etc/secret.fd' }, 'refused'],
  ])('refuses %s', async (_what, change, code) => {
    const { helper } = machine()
    await expect(helper().apply(planOf([change]))).rejects.toMatchObject(refusal(code))
  })

  it.each<[string, Partial<typeof PLACED>, string]>([
    ['a place on another mount', { place: { ...PLACE, mount: '/srv' } }, 'conflict'],
    ['a place that is not the image’s', { place: { directory: '/srv', mount: '/' } }, 'refused'],
    ['a place that is not there', { path: PLACED.path.replace('/vms/', '/gone/'), place: GONE }, 'refused'],
    ['a place without its own directory', { path: '/srv/vms/disk.qcow2' }, 'refused'],
    ['another’s file at a place', { path: '/srv/vms/passthrough-studio/designer/vm.json' }, 'refused'],
  ])('refuses %s', async (_what, part, code) => {
    const { host, helper } = machine()
    await withPlace(host)
    await expect(helper().apply(planOf([{ ...PLACED, ...part }]))).rejects.toMatchObject(refusal(code))
  })

  it('lie at a place of the admin’s, and undo takes both directories that were made with them', async () => {
    const { host, helper, write } = machine()
    await withPlace(host)
    await helper().apply(planOf([PLACED]))
    expect(await host.state(PLACED.path)).toMatchObject({ mode: 0o600, ...USER })
    await helper().undo({ kind: 'step', step: 'definition', vm: 'other' })
    expect(await host.state(PLACED.path)).not.toBeNull()
    expect(await helper().undo({ kind: 'step', step: 'definition', vm: 'designer' })).toEqual({ notes: [], left: [] })
    const left = [PLACED.path, '/srv/vms/passthrough-studio', '/srv/vms'].map((path) => host.state(path))
    expect(await Promise.all(left)).toEqual([null, null, expect.objectContaining({ kind: 'directory' })])
    await helper().apply(planOf([PLACED]))
    await write(PLACED.path)
    const { notes } = await helper().undo({ kind: 'all' })
    expect(notes).toEqual([expect.stringContaining(`${PLACED.path} was kept`)])
  })

  it('stay in force where their disk is not mounted at the undo, and go once it is', async () => {
    const { host, helper } = machine()
    await withPlace(host)
    await helper().apply(planOf([PLACED]))
    const mounts = await host.read('/proc/self/mounts')
    const text = mounts.kind === 'text' ? mounts.text : ''
    await host.writeAtomic('/proc/self/mounts', bytes(`${text}/dev/sdb1 /srv/vms xfs rw 0 0\n`), ROOTS)
    const { left } = await helper().undo({ kind: 'all' })
    expect(left).toMatchObject([{ problem: { code: 'conflict' } }])
    expect(await host.state(PLACED.path)).not.toBeNull()
    await host.writeAtomic('/proc/self/mounts', bytes(text), ROOTS)
    expect(await helper().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })

  it('are made for no user but the one who asks', async () => {
    const { helper } = machine()
    await expect(helper(1001).apply(planOf([disk]))).rejects.toMatchObject(refusal('refused'))
  })

  it('survive a kill at any moment: undo leaves nothing, and a second undo finishes', async () => {
    for (let deathAt = 1; deathAt < 100; deathAt += 1) {
      const { host, helper } = machine()
      let effects = 0
      host.beforeEffect = () => {
        effects += 1
        if (effects === deathAt || effects > deathAt) throw new Error('killed')
      }
      const died = await helper()
        .apply(planOf([disk, vars]))
        .then(
          () => false,
          () => true,
        )
      host.beforeEffect = () => undefined
      expect(await helper().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
      expect([await host.state(DISK), await host.state(VARS)]).toEqual([null, null])
      if (!died) return
    }
    expect.unreachable('the plan never came to its end')
  })
})
