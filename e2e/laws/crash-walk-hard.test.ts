import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { Executor } from '#helper/executor.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import { JOURNAL_FILE } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

const ENOUGH = 1000
const BEFORE: Readonly<Partial<Record<StepId, readonly StepId[]>>> = { boot: ['kernel'], bind: ['kernel', 'boot'] }

function executor(host: SimulatedHost): Executor {
  return new Executor(host, 0, () => undefined)
}

async function planOf(host: SimulatedHost, id: StepId) {
  return stepView(await factsFrom(host), id, {}).plan
}

/** A host on which the steps before this one were applied. */
async function upTo(id: StepId): Promise<SimulatedHost> {
  const host = simulated()
  for (const before of BEFORE[id] ?? []) {
    await executor(host).apply(await planOf(host, before))
    if (before === 'boot') host.reboot()
  }
  return host
}

/** Every file that differs from the recording, and who holds each function. */
async function stateOf(host: SimulatedHost): Promise<string> {
  const { devices, vfioNodes } = await factsFrom(host)
  const holders = devices.map((device) => `${device.address} ${device.driver ?? '-'} ${device.driverOverride ?? '-'}`)
  return JSON.stringify([[...host.tree()].sort(), holders, vfioNodes])
}

type Fault = (what: string) => void

/** Applies a step with a fault from its n-th effect on; false: it was done before that. Whatever it throws is its answer. */
async function applyWith(host: SimulatedHost, id: StepId, from: number, fault: Fault): Promise<boolean> {
  const plan = await planOf(host, id)
  let effects = 0
  host.beforeEffect = (what) => {
    effects += 1
    if (effects >= from) fault(what)
  }
  await executor(host)
    .apply(plan)
    .catch(() => undefined)
  host.beforeEffect = () => undefined
  return effects >= from
}

/** No byte can be written below this directory any more, also not by a tool; what is there can be removed. */
function full(directory: string, toolsWriteThere: boolean): Fault {
  return (what) => {
    const writes = what.startsWith(`write ${directory}/`) || what.startsWith(`append ${directory}/`)
    if (writes || (toolsWriteThere && /^run (?:update-|dracut|mkinitcpio|grub)/u.test(what)))
      throw new ProblemError('disk-full', `${directory} is full.`, { hint: 'Make room.' })
  }
}

const killed: Fault = () => {
  throw new Error('killed')
}

/** A journal of more than 8 MiB, of changes that were taken back. */
function longJournal(): string {
  const tx = 'm0-definition-0'
  const at = '2026-01-01T00:00:00.000Z'
  const change = {
    kind: 'write-file',
    path: '/var/lib/passthrough-studio/vms/old/vm.json',
    mode: 0o644,
    expected: null,
  }
  const before = { files: [], createdDirectories: [], values: {} }
  const text = 'x'.repeat(60_000)
  const lines = Array.from({ length: 150 }, (_, index) => [
    { kind: 'intent', tx, index, change: { ...change, text }, before },
    { kind: 'reverted', tx, index, at, note: null },
  ])
  const begin = { kind: 'begin', version: 1, tx, plan: 'definition-0', step: 'definition', at, boot: '' }
  return [begin, ...lines.flat()].map((line) => `${JSON.stringify(line)}\n`).join('')
}

describe('a helper killed at any moment, with a journal of more than 8 MiB', () => {
  it.each(['kernel', 'boot'] as const)('in step %s loses nothing', async (id) => {
    const bytes = new TextEncoder().encode(longJournal())
    expect(bytes.length).toBeGreaterThan(8 * 1_048_576)
    let visited = 0
    for (let from = 1; from < ENOUGH; from += 1) {
      const host = simulated()
      await host.writeAtomic(JOURNAL_FILE, bytes, { mode: 0o644, uid: 0, gid: 0 })
      const before = await stateOf(host)
      if (!(await applyWith(host, id, from, killed))) break
      visited += 1
      expect(await executor(host).undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
      expect(await stateOf(host), `killed before effect ${from}`).toBe(before)
    }
    console.log(`crash walk, step ${id} behind 8 MiB: ${visited} kill points, none lost a byte`)
    expect(visited).toBeGreaterThan(5)
  })
})

describe('a disk that is full from any moment of an apply on', () => {
  it.each(['kernel', 'boot', 'bind'] as const)('/var in step %s: the roll-back needs no room', async (id) => {
    let visited = 0
    for (let from = 1; from < ENOUGH; from += 1) {
      const host = await upTo(id)
      const before = await stateOf(host)
      if (!(await applyWith(host, id, from, full('/var', false)))) break
      visited += 1
      // At once, while there is no room; only where no more than the plan's last line is missing, all of it is made.
      const made = (await executor(host).journal.entries()).every(({ reverted, after }) => (reverted ?? after) !== null)
      if ((await stateOf(host)) !== before) expect(made, `half made before effect ${from}`).toBe(true)
      const { left } = await executor(host).undo({ kind: 'step', step: id, vm: null })
      expect(left, `full before effect ${from}`).toEqual([])
      expect(await stateOf(host), `full before effect ${from}`).toBe(before)
    }
    console.log(`crash walk, step ${id} with /var full: ${visited} points, none lost a byte`)
    expect(visited).toBeGreaterThan(5)
  })

  it.each(['boot', 'bind'] as const)('/boot in step %s: every byte is back once there is room', async (id) => {
    let visited = 0
    for (let from = 1; from < ENOUGH; from += 1) {
      const host = await upTo(id)
      const before = await stateOf(host)
      if (!(await applyWith(host, id, from, full('/boot', true)))) break
      visited += 1
      const open = (await executor(host).undo({ kind: 'step', step: id, vm: null })).left
      expect(open, `full before effect ${from}`).toEqual([])
      expect(await stateOf(host), `full before effect ${from}`).toBe(before)
    }
    console.log(`crash walk, step ${id} with /boot full: ${visited} points, none lost a byte`)
    expect(visited).toBeGreaterThan(5)
  })
})
