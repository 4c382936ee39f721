import { describe, expect, it } from 'vitest'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import { facts as factsSchema } from '#shared/facts/facts.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { executor, planOf, stateOf, upTo } from './paper-steps.fixture.ts'
import { CHANGING } from './walk.ts'

const ENOUGH = 1000

/** The process dies at its n-th effect and does nothing more, as after SIGKILL. */
async function applyUntilDeath(host: SimulatedHost, plan: Plan, deathAt: number): Promise<boolean> {
  let effects = 0
  host.beforeEffect = () => {
    effects += 1
    if (effects >= deathAt) throw new Error('killed')
  }
  const died = await executor(host)
    .apply(plan)
    .then(
      () => false,
      () => true,
    )
  host.beforeEffect = () => undefined
  return died
}

describe('a helper killed at any moment', () => {
  it.each(CHANGING)('of step %s loses nothing: undo restores the state before the step', async (id) => {
    let visited = 0
    for (let deathAt = 1; deathAt < ENOUGH; deathAt += 1) {
      const host = await upTo(id)
      const before = await stateOf(host)
      if (!(await applyUntilDeath(host, await planOf(host, id), deathAt))) break
      visited += 1
      await executor(host).undo({ kind: 'step', step: id, vm: null })
      expect(await stateOf(host), `killed before effect ${deathAt}`).toBe(before)
    }
    console.log(`crash walk, step ${id}: ${visited} kill points, none lost a byte`)
    expect(visited).toBeGreaterThan(2)
  })

  it('of step network is undone by the guard alone', async () => {
    let visited = 0
    for (let deathAt = 1; deathAt < ENOUGH; deathAt += 1) {
      const host = await upTo('network')
      host.network.onGuard = (tx) => executor(host).rollBack(tx)
      const before = await stateOf(host)
      if (!(await applyUntilDeath(host, await planOf(host, 'network'), deathAt))) break
      const armed = (await stateOf(host)) !== before
      await host.network.fire()
      const same = (await stateOf(host)) === before
      expect(same, `killed before effect ${deathAt}`).toBe(true)
      visited += armed ? 1 : 0
    }
    expect(visited).toBeGreaterThan(3)
  })

  it('during undo loses nothing: a second undo finishes', async () => {
    const pristine = await stateOf(await upTo('kernel'))
    for (let deathAt = 1; deathAt < ENOUGH; deathAt += 1) {
      const host = await upTo('definition')
      await executor(host).apply(await planOf(host, 'definition'))
      let effects = 0
      host.beforeEffect = () => {
        effects += 1
        if (effects >= deathAt) throw new Error('killed')
      }
      await executor(host).undo({ kind: 'all' })
      const died = effects >= deathAt
      host.beforeEffect = () => undefined
      await executor(host).undo({ kind: 'all' })
      host.reboot()
      expect(await stateOf(host), `killed before effect ${deathAt}`).toBe(pristine)
      if (!died) break
    }
  })
})

describe('the nine steps', () => {
  it('plan nothing on a host that satisfies them, and facts fit their schema', async () => {
    for (const id of CHANGING) {
      const host = await upTo(id)
      await executor(host).apply(await planOf(host, id))
      expect((await planOf(host, id)).changes, id).toEqual([])
      factsSchema.parse(await factsFrom(host))
    }
  })

  it('are undone to the original tree, byte for byte', async () => {
    const host = await upTo('definition')
    await executor(host).apply(await planOf(host, 'definition'))
    expect(host.tree().size).toBeGreaterThan(3)
    await executor(host).undo({ kind: 'all' })
    expect([...host.tree()]).toEqual([])
  })

  it('leave the bytes of someone who changed a file since, and undo says so', async () => {
    const host = await upTo('bind')
    const theirs = new TextEncoder().encode('vfio-pci\ntheirs\n')
    await host.writeAtomic('/etc/modules-load.d/passthrough-studio.conf', theirs, { mode: 0o644, uid: 0, gid: 0 })
    const undone = await executor(host).undo({ kind: 'all' })
    expect(undone.notes).toEqual([
      expect.stringContaining('/etc/modules-load.d/passthrough-studio.conf was changed by someone else'),
    ])
    expect([...host.tree().keys()]).toEqual(['/etc/modules-load.d/passthrough-studio.conf'])
  })
})
