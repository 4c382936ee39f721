import { describe, expect, it } from 'vitest'
import { type RecordedMachine, recordedMachines } from '../hosts/recorded-machines.ts'
import { CHANGING, Walk } from './walk.ts'

const MACHINES = recordedMachines()

/** Different in vendor, distribution, boot display and number of functions; the paper's has a walk of its own. */
const CRASH_WALKED = [
  'amd-x570-rtx2060-super',
  'haswell-gtx970',
  'rx-7900-xt-four-groups',
  'tuf-fx506-no-argument',
  'two-identical-gtx480',
]

const ENOUGH = 1000

/** A proof that only a running VM can give. */
const BY_THE_GUEST = new Set(['guest-report', 'definition-accepted'])

/** The laws for one machine, step after step; counts what was seen. */
async function obeys(machine: RecordedMachine) {
  const walk = await Walk.start(machine.description)
  const pristine = await walk.state()
  const seen = { applied: 0, changes: 0, empty: 0 }
  for (const id of CHANGING) {
    const before = await walk.state()
    const count = await walk.apply(id)
    if (count === 0) {
      seen.empty += 1
      continue
    }
    seen.applied += 1
    seen.changes += count
    const after = await walk.view(id)
    expect(after.plan.changes, `${id}: a plan on a satisfied host is empty`).toEqual([])
    const open = after.findings.filter((finding) => finding.status === 'fail' && !BY_THE_GUEST.has(finding.code))
    const own = open.filter((finding) => !finding.code.startsWith('launch-'))
    expect(own, `${id}: verify passes after the plan`).toEqual([])
    await walk.executor().undo({ kind: 'step', step: id, vm: null })
    expect(await walk.state(), `${id}: undo gives the state before the step`).toBe(before)
    await walk.apply(id)
  }
  await walk.executor().undo({ kind: 'all' })
  walk.host.reboot()
  expect(await walk.state(), 'undo of everything gives the original tree').toBe(pristine)
  expect([...walk.host.tree()]).toEqual([])
  return seen
}

describe('on every described host', () => {
  it('each plan verifies, a second plan is empty, and undo is exact', async () => {
    const total = { applied: 0, changes: 0, empty: 0 }
    for (const machine of MACHINES) {
      const seen = await obeys(machine).catch((thrown: unknown) => {
        throw new Error(machine.name, { cause: thrown })
      })
      total.applied += seen.applied
      total.changes += seen.changes
      total.empty += seen.empty
    }
    console.log(
      `laws: ${MACHINES.length} machines x ${CHANGING.length} steps, ${total.applied} plans applied with ${total.changes} changes, ${total.empty} had nothing to do or were refused`,
    )
    expect(total.applied).toBeGreaterThan(MACHINES.length)
  })
})

describe('undo restores the host after a helper was killed at any change', () => {
  it.each(CRASH_WALKED)('of %s', async (name) => {
    const machine = MACHINES.find((candidate) => candidate.name === name)
    expect(machine).toBeDefined()
    if (machine === undefined) return
    let visited = 0
    for (const id of CHANGING) visited += await crashWalk(machine, id)
    console.log(`crash walk, ${name}: ${visited} kill points, none lost a byte`)
    expect(visited).toBeGreaterThan(10)
  })
})

async function crashWalk(machine: RecordedMachine, id: (typeof CHANGING)[number]): Promise<number> {
  for (let effect = 1; effect < ENOUGH; effect += 1) {
    const walk = await Walk.start(machine.description)
    for (const before of CHANGING.slice(0, CHANGING.indexOf(id))) await walk.apply(before)
    const state = await walk.state()
    if (!(await walk.dieAt(id, effect))) return effect - 1
    await walk.executor().undo({ kind: 'step', step: id, vm: null })
    expect(await walk.state(), `${id}: killed before effect ${effect}`).toBe(state)
  }
  throw new RangeError(`${id} never ends`)
}
