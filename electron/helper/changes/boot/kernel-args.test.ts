import { describe, expect, it } from 'vitest'
import { Executor } from '#helper/executor.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import type { Plan } from '#shared/plan/plan.ts'

const ENTRY = '/boot/loader/entries/m-1.conf'
const NEWER = '/boot/loader/entries/m-2.conf'
const PLAN: Plan = {
  id: 'boot-test',
  step: 'boot',
  rebootNeeded: true,
  risk: 'reversible',
  confirm: null,
  changes: [
    {
      change: {
        kind: 'kernel-args',
        tool: 'grubby',
        args: ['intel_iommu=on'],
        outputs: [ENTRY, '/etc/kernel/cmdline', '/etc/default/grub'],
      },
      reason: '',
      before: null,
    },
  ],
}

function machine(): SimulatedHost {
  const files = {
    ...PAPER_WORKSTATION.files,
    [ENTRY]: 'title One\noptions root=/dev/a ro\n',
    '/etc/kernel/cmdline': 'root=/dev/a  ro\n',
  }
  return simulated({ ...PAPER_WORKSTATION, files, tools: [...PAPER_WORKSTATION.tools, 'grubby'] })
}

async function textOf(host: SimulatedHost, path: string): Promise<string> {
  return new TextDecoder().decode((await host.bytes(path)) ?? new Uint8Array())
}

const write = (host: SimulatedHost, path: string, text: string) =>
  host.writeAtomic(path, new TextEncoder().encode(text), { mode: 0o644, uid: 0, gid: 0 })

describe('undo of arguments that a tool keeps', () => {
  it('restores the files byte for byte when nobody else changed them', async () => {
    const host = machine()
    const executor = new Executor(host, 0, () => undefined)
    await executor.apply(PLAN)
    expect(await textOf(host, ENTRY)).toContain('intel_iommu=on')
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect([...host.tree()]).toEqual([])
  })

  it('removes our argument, and nothing else, from a kernel installed since', async () => {
    const host = machine()
    const executor = new Executor(host, 0, () => undefined)
    await executor.apply(PLAN)
    await write(host, NEWER, 'title Two\noptions root=/dev/a ro intel_iommu=on debug\n')
    expect(await executor.undo({ kind: 'all' })).toEqual({
      notes: [expect.stringContaining('grubby took out intel_iommu=on')],
      left: [],
    })
    expect([...host.tree()]).toEqual([[NEWER, 'title Two\noptions root=/dev/a ro debug\n']])
  })

  it('keeps what someone else wrote into an entry since', async () => {
    const host = machine()
    const executor = new Executor(host, 0, () => undefined)
    await executor.apply(PLAN)
    await write(host, ENTRY, (await textOf(host, ENTRY)).replace('ro ', 'ro nosmt '))
    await executor.undo({ kind: 'all' })
    expect([...host.tree()]).toEqual([[ENTRY, 'title One\noptions root=/dev/a ro nosmt\n']])
  })

  it('takes them out as well where the plan did not name what the tool writes', async () => {
    const host = machine()
    const executor = new Executor(host, 0, () => undefined)
    const unnamed = { kind: 'kernel-args' as const, tool: 'grubby' as const, args: ['intel_iommu=on' as const] }
    await executor.apply({
      ...PLAN,
      changes: [{ change: { ...unnamed, outputs: [] }, reason: '', before: null }],
    })
    expect(await textOf(host, ENTRY)).toContain('intel_iommu=on')
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect([...host.tree()]).toEqual([])
  })

  it('refuses a file that is not the tool’s', async () => {
    const executor = new Executor(machine(), 0, () => undefined)
    const [planned] = PLAN.changes
    const foreign = {
      ...PLAN,
      changes: [{ ...planned, change: { ...planned?.change, outputs: ['/etc/shadow'] } }],
    } as Plan
    await expect(executor.apply(foreign)).rejects.toMatchObject({ problem: { code: 'refused' } })
  })
})
