import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { PAIRS } from '#e2e/hosts/distros/all.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { atomic } from '#e2e/hosts/distros/fedora.ts'
import { microOs, nixOs } from '#e2e/hosts/distros/others.ts'
import { Executor } from '#helper/executor.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { OWN_FILES, RESCUE_ENTRY, RESCUE_WORD } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { type Facts, facts as factsSchema } from '#shared/facts/facts.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'

const ARG = 'intel_iommu=on'
const ENOUGH = 1000

function start(distro: Distro): SimulatedHost {
  return new SimulatedHost(recordingOf(machineOf(distro)))
}

async function look(host: SimulatedHost): Promise<{ facts: Facts; boot: StepView }> {
  const facts = await factsFrom(host)
  return { facts, boot: stepView(facts, 'boot') }
}

function entryOf(facts: Facts): string {
  const entry = facts.boot.loaders[0]?.defaultEntry
  return entry === undefined || isUnknown(entry) ? `unknown: ${entry?.unknown ?? 'no loader'}` : entry.cmdline
}

const executor = (host: SimulatedHost) => new Executor(host, 0, () => undefined)
const words = (line: string) => line.split(' ').filter((word) => word === ARG).length

/** What the rescue entry starts with, or why there is none. */
function rescueOf(host: SimulatedHost, boot: StepView): string {
  const entry = [...host.tree()].find(([path]) => path === OWN_FILES.grubRescue || path.endsWith(RESCUE_ENTRY))
  if (entry === undefined) {
    const status = boot.findings.find((finding) => finding.code === 'boot-rescue')?.status ?? 'MISSING'
    return { pass: 'the system keeps one', warn: 'not possible' }[status as string] ?? 'MISSING'
  }
  const lines = (entry[1] ?? '').split('\n').filter((row) => row.includes(RESCUE_WORD))
  return lines.length === 1 && lines.every((line) => words(line) === 0) ? 'own entry' : 'WRONG'
}

/** Empty: as it should be. Otherwise the first thing that is not. */
function complaint(expected: readonly [string, boolean][]): string {
  const wrong = expected.find(([, holds]) => !holds)
  return wrong === undefined ? '' : `NO: ${wrong[0]}`
}

interface Row {
  distro: string
  loader: string
  initramfs: string
  plan: string
  apply: string
  verify: string
  undo: string
  rescue: string
  proven: string
}

async function walk(distro: Distro): Promise<Row> {
  const host = start(distro)
  const before = await look(host)
  expectFound(before.facts, distro)
  const { plan } = before.boot
  await executor(host).apply(plan)
  const applied = await look(host)
  const rescue = rescueOf(host, applied.boot)
  host.reboot()
  const booted = await look(host)
  return {
    distro: distro.name,
    loader: distro.loader,
    initramfs: distro.initramfs,
    plan: complaint([['no reboot', plan.rebootNeeded]]) || `${plan.changes.length} changes`,
    apply: appliedWell(applied) || 'entry proven',
    verify: bootedWell(booted) || 'ok',
    undo: await undone(host, entryOf(before.facts), distro === atomic),
    rescue,
    proven: 'recorded tree',
  }
}

type Seen = Awaited<ReturnType<typeof look>>

function expectFound(facts: Facts, distro: Distro): void {
  factsSchema.parse(facts)
  expect(facts.boot.loaders.map(({ id }) => id)).toEqual([distro.loader])
  expect(facts.boot.initramfs.map(({ id }) => id)).toEqual([distro.initramfs])
  expect(words(entryOf(facts))).toBe(0)
}

function appliedWell({ facts, boot }: Seen): string {
  return complaint([
    [boot.verdict.text, boot.verdict.status === 'after-reboot'],
    [entryOf(facts), words(entryOf(facts)) === 1],
    ['the plan is not empty', boot.plan.changes.length === 0],
  ])
}

function bootedWell({ facts, boot }: Seen): string {
  return complaint([
    [boot.verdict.text, boot.verdict.status === 'ok'],
    ['the plan is not empty', boot.plan.changes.length === 0],
    ['no IOMMU group', facts.iommu.groups.length > 0],
  ])
}

/** Takes all back, and boots again. A deployment is made, not edited: there the arguments count. */
async function undone(host: SimulatedHost, entryBefore: string, deployments: boolean): Promise<string> {
  await executor(host).undo({ kind: 'all' })
  const after = entryOf((await look(host)).facts)
  const left = [...host.tree().keys()].filter((path) => !(deployments && /^\/(ostree|boot)\//u.test(path)))
  host.reboot()
  const { facts } = await look(host)
  const wrong = complaint([
    [after, tokens(after) === tokens(entryBefore)],
    [left.join(' '), left.length === 0],
    [facts.kernel.cmdline, words(facts.kernel.cmdline) === 0],
  ])
  return wrong || (deployments ? 'arguments as before' : 'byte-identical')
}

const tokens = (line: string) => line.split(' ').sort().join(' ')

function table(rows: readonly Row[]): string {
  const heads = Object.keys(rows[0] ?? {}) as (keyof Row)[]
  const widths = heads.map((head) => Math.max(head.length, ...rows.map((row) => row[head].length)))
  const print = (cells: readonly string[]) => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')
  return [print(heads), ...rows.map((row) => print(heads.map((head) => row[head])))].join('\n')
}

describe('every pair of boot loader and initramfs tool', () => {
  it('is planned, applied, proven and undone; prints the matrix', async () => {
    const rows = []
    for (const distro of PAIRS) rows.push(await walk(distro))
    const green = rows.filter((row) => !/NO:|MISSING|WRONG/u.test(Object.values(row).join(' ')))
    console.log(`${table(rows)}\n${green.length} of ${rows.length} pairs are green`)
    expect(green.map((row) => row.distro)).toEqual(PAIRS.map((distro) => distro.name))
  })

  it('loses nothing to a helper killed at any effect of step 3', async () => {
    let visited = 0
    for (const distro of PAIRS.filter((pair) => pair !== atomic)) {
      for (let deathAt = 1; deathAt < ENOUGH; deathAt += 1) {
        const host = start(distro)
        const { plan } = (await look(host)).boot
        if (!(await dies(host, deathAt, () => executor(host).apply(plan)))) break
        visited += 1
        await executor(host).undo({ kind: 'all' })
        expect([...host.tree()], `${distro.name}, killed before effect ${deathAt}`).toEqual([])
      }
    }
    console.log(`crash walk of step 3 over ${PAIRS.length - 1} pairs: ${visited} kill points, none lost a byte`)
    expect(visited).toBeGreaterThan(100)
  })

  it('is finished by a second undo after the first was killed at any effect', async () => {
    for (const distro of PAIRS.filter((pair) => pair !== atomic)) {
      for (let deathAt = 1; deathAt < ENOUGH; deathAt += 1) {
        const host = start(distro)
        await executor(host).apply((await look(host)).boot.plan)
        const died = await dies(host, deathAt, () => executor(host).undo({ kind: 'all' }))
        await executor(host).undo({ kind: 'all' })
        expect([...host.tree()], `${distro.name}, killed before effect ${deathAt}`).toEqual([])
        if (!died) break
      }
    }
  })
})

/** The process dies at its n-th effect and does nothing more, as after SIGKILL. */
async function dies(host: SimulatedHost, deathAt: number, work: () => Promise<unknown>): Promise<boolean> {
  let effects = 0
  host.beforeEffect = () => {
    effects += 1
    if (effects >= deathAt) throw new Error('killed')
  }
  // An undo goes on behind what fails, so it may end as if nothing were; whoever is dead does nothing more.
  await work().catch(() => undefined)
  const died = effects >= deathAt
  host.beforeEffect = () => undefined
  return died
}

describe('a system that the app does not write to', () => {
  it('NixOS gets the module to add and no plan, and passes once the kernel runs with them', async () => {
    const { boot } = await look(start(nixOs))
    expect(boot.plan.changes).toEqual([])
    expect(boot.verdict.status).toBe('blocked')
    const finding = boot.findings.find(({ code }) => code === 'boot-loader')
    expect(finding).toMatchObject({ status: 'fail' })
    expect(finding?.fix?.text).toContain('plan boot')
    expect(boot.hostText?.text).toContain(`boot.kernelParams = [ "${ARG}" ];`)
    const with_ = await look(start({ ...nixOs, cmdline: `${nixOs.cmdline} ${ARG}` }))
    expect(with_.boot.verdict.status).toBe('ok')
    expect(with_.boot.plan.changes).toEqual([])
  })

  it('MicroOS is refused with the reason', async () => {
    const { boot } = await look(start(microOs))
    expect(boot.plan.changes).toEqual([])
    expect(boot.verdict).toMatchObject({ status: 'blocked', text: expect.stringContaining('transactions') as string })
  })
})
