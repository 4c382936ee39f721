import { describe, expect, it } from 'vitest'
import { changesSince, healthOf } from '#core/health/health.ts'
import { situation } from '#core/situation.fixture.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { factsOf, proven } from './flows/proven.fixture.ts'
import { withChanges } from './start-failure.ts'
import { snapshotOf } from './views/snapshot.ts'
import { trayMenu } from './views/tray-menu.ts'

describe('the tray’s count of changes', () => {
  it('is shown once something changed, and not before', async () => {
    const { studio, host } = await proven()
    const labels = () => {
      const { tooltip, items } = trayMenu(snapshotOf(studio, { available: true, text: '' }))
      return [tooltip, ...items.map(({ label }) => label)].filter((text) => text.includes('Health'))
    }
    expect(labels()).toEqual([])
    const file = { mode: 0o644, uid: 0, gid: 0 }
    await host.writeAtomic('/etc/modprobe.d/nvidia.conf', new TextEncoder().encode('softdep\n'), file)
    await studio.recheck()
    expect(labels()).toEqual([
      'Passthrough Studio. VM "designer": running (simulated). Health: 1 change since it last worked',
      'Health: 1 change since it last worked',
    ])
  })
})

describe('a start that fails', () => {
  it('names what changed since the card was last proven', async () => {
    const { studio, host } = await proven()
    await studio.shutDownVm()
    const file = { mode: 0o644, uid: 0, gid: 0 }
    await host.writeAtomic('/etc/modprobe.d/nvidia.conf', new TextEncoder().encode('softdep\n'), file)
    studio.session.vm.start = () =>
      Promise.reject(new ProblemError('vm-failed', 'QEMU did not start: no', { hint: 'Step 6.' }))
    const problem = await studio.startVm().then(() => null, problemOf)
    expect(problem?.message).toBe('QEMU did not start: no')
    expect(problem?.hint).toMatch(
      /^Step 6\. Changed since the card was last proven on .*: \/etc\/modprobe\.d\/nvidia\.conf is new/u,
    )
  })

  it('names no change when nothing changed, or when no guest ever proved the card', async () => {
    const { studio } = await proven()
    const [problem, good] = [new ProblemError('vm-failed', 'no', { hint: 'Look.' }), factsOf(studio)]
    expect(withChanges(problem, studio.current.health)).toBe(problem)
    expect(withChanges(problem, null)).toBe(problem)
    expect(changesSince(healthOf(situation({ ...good, proofs: NO_PROOFS }), studio.current.journal))).toBeNull()
  })
})
