import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { definitionText } from '#core/definition/definition.ts'
import { writtenVms } from '#core/definition/written.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { problemOf } from '#shared/base/problem.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { FileStore } from '../session/state-store.ts'
import type { Studio } from '../studio.ts'
import { snapshotOf } from '../views/snapshot.ts'
import { trayMenu } from '../views/tray-menu.ts'
import { factsOf, proven } from './proven.fixture.ts'

/** "designer" runs and is proven; "win" was added, defined, and is selected. */
async function two(): Promise<{ studio: Studio; host: SimulatedHost }> {
  const { studio, host } = await proven()
  await studio.addVm('win')
  await studio.apply(studio.viewOf('definition').plan.id, null)
  return { studio, host }
}

const finding = (studio: Studio, code: string) =>
  studio.viewOf('launch').findings.find((candidate) => candidate.code === code)
const states = (studio: Studio) => studio.current.vms.map(({ name, state }) => `${name}: ${state}`)
async function filesOf(host: SimulatedHost, vm: string): Promise<string[]> {
  const inside = await host.list(vmPaths(vm).home)
  return inside.kind === 'names' ? inside.names : []
}

describe('several VMs that take one card in turn', () => {
  it('keep choices and proofs each, and share the steps before them', async () => {
    const { studio } = await two()
    expect(states(studio)).toEqual(['designer: running', 'win: off'])
    expect(studio.viewOf('bind').verdict.status).toBe('ok')
    expect(studio.viewOf('definition').verdict.status).toBe('ok')
    expect(studio.current.saved.proofs).toMatchObject({ guestReport: null, vfioOpen: [{ opened: true }] })
    expect(studio.current.health?.proven).toBeNull()
    await studio.selectVm('designer')
    expect(studio.current.saved.proofs.guestReport).toMatchObject({ vm: 'designer' })
    expect(studio.current.health?.proven).toMatchObject({ vm: 'designer' })
    expect(studio.viewOf('launch').verdict.status).toBe('ok')
  })

  it('refuse a start while another has the card, and name the VM to shut down', async () => {
    const { studio } = await two()
    expect(finding(studio, 'launch-other-vm')).toMatchObject({
      status: 'fail',
      text: 'The VM "designer" is up and has 04:00.0 and 04:00.1.',
      fix: { action: { shutDown: 'designer' } },
    })
    await expect(studio.startVm()).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(states(studio)).toEqual(['designer: running', 'win: off'])
    await studio.shutDownVm('designer')
    expect(studio.selectedVm()).toBe('win')
    expect(finding(studio, 'launch-other-vm')).toMatchObject({ status: 'pass' })
    await studio.startVm()
    expect(states(studio)).toEqual(['designer: off', 'win: running'])
    await expect(studio.startVm('designer')).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(studio.selectedVm()).toBe('designer')
  })

  it('refuse a start because of a VM that came up by itself, once the poll has seen it', async () => {
    const { studio } = await two()
    await studio.shutDownVm('designer')
    const definition = writtenVms(factsOf(studio)).get('designer') ?? null
    if (definition === null) throw new Error('not written')
    await studio.session.vm.start(definition)
    expect(finding(studio, 'launch-other-vm')).toMatchObject({ status: 'pass' })
    await studio.pollVms()
    expect(finding(studio, 'launch-other-vm')).toMatchObject({ status: 'fail' })
  })

  it('do not start one that was written for another card than the bound one', async () => {
    const { studio, host } = await two()
    await studio.shutDownVm('designer')
    const definition = writtenVms(factsOf(studio)).get('win') ?? null
    if (definition === null) throw new Error('not written')
    const elsewhere = definitionText({ ...definition, functions: ['0000:09:00.0'] })
    const file = { mode: 0o644, uid: 0, gid: 0 }
    await host.writeAtomic(vmPaths('win').definition, new TextEncoder().encode(elsewhere), file)
    const problem = await studio.startVm().then(() => null, problemOf)
    expect(problem).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('differs from the choices') as string,
    })
    const { choices } = studio.current.saved
    await studio.choose({ ...choices, cards: reserving('0000:09:00.0') })
    await expect(studio.startVm()).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(states(studio)).toEqual(['designer: off', 'win: off'])
  })

  it('refuse a name in use, also by a VM that only lies on this host', async () => {
    const { studio } = await two()
    const rename = (name: string) => {
      const { choices } = studio.current.saved
      return studio.choose({ ...choices, definition: { ...choices.definition, name } })
    }
    await expect(rename('designer')).rejects.toThrow('Another VM is called "designer" already.')
    await expect(studio.addVm('designer')).rejects.toThrow('Another VM is called "designer" already.')
    await rename('gamer')
    expect(states(studio)).toEqual(['designer: running', 'gamer: off', 'win: off'])
    await expect(rename('win')).rejects.toThrow('Another VM is called "win" already.')
    expect(studio.selectedVm()).toBe('gamer')
  })

  it('are not switched while an action is under way', async () => {
    const { studio } = await two()
    const looking = studio.recheck()
    await expect(studio.selectVm('designer')).rejects.toMatchObject({ problem: { code: 'busy' } })
    await looking
    expect(studio.selectedVm()).toBe('win')
  })
})

describe('a VM that only lies on this host', () => {
  it('is listed, shut down, and added with the choices that lead to its definition', async () => {
    const { studio, host } = await two()
    const file = { mode: 0o644, uid: 0, gid: 0 }
    const own = writtenVms(factsOf(studio)).get('win') ?? null
    if (own === null) throw new Error('not written')
    const text = definitionText({ ...own, name: 'foreign', memoryMiB: 2048 })
    await host.makeDirectory(vmPaths('foreign').home, { mode: 0o755, uid: 0, gid: 0 })
    await host.writeAtomic(vmPaths('foreign').definition, new TextEncoder().encode(text), file)
    await studio.recheck()
    expect(studio.current.vms.find(({ name }) => name === 'foreign')).toMatchObject({ configured: false, state: 'off' })
    await studio.selectVm('foreign')
    expect(studio.current.saved.choices.definition).toMatchObject({ name: 'foreign', memoryMiB: 2048 })
    expect(definitionText(studio.mustHaveDefinition())).toBe(text)
    expect(studio.current.vms.find(({ name }) => name === 'foreign')).toMatchObject({
      configured: true,
      selected: true,
    })
  })
})

describe('undo with several VMs', () => {
  it('of step 8 removes the selected VM’s files only, in either order, byte for byte', async () => {
    for (const first of ['designer', 'win']) {
      const { studio, host } = await two()
      await studio.shutDownVm('designer')
      const second = first === 'win' ? 'designer' : 'win'
      const kept = await filesOf(host, second)
      expect(kept.length).toBeGreaterThan(2)
      await studio.selectVm(first)
      expect(studio.viewOf('definition').undoable).toBe(6)
      expect(await studio.undo({ kind: 'step', step: 'definition' })).toEqual({ notes: [], left: [] })
      expect(await filesOf(host, first)).toEqual([])
      expect(await filesOf(host, second)).toEqual(kept)
      await studio.selectVm(second)
      expect(studio.viewOf('definition').verdict.status).toBe('ok')
      expect(await studio.undo({ kind: 'step', step: 'definition' })).toEqual({ notes: [], left: [] })
      expect(await filesOf(host, second)).toEqual([])
    }
  })

  it('of everything removes the files of all', async () => {
    const { studio, host } = await two()
    await studio.shutDownVm('designer')
    expect(await studio.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect([...host.tree().keys()]).toEqual([])
  })
})

describe('forgetting a VM', () => {
  it('undoes what was written for it, and nothing else', async () => {
    const { studio, host } = await two()
    await expect(studio.forgetVm('designer')).rejects.toThrow('is up and cannot be forgotten')
    await studio.shutDownVm('designer')
    await expect(studio.forgetVm('win')).rejects.toThrow('is selected and cannot be forgotten')
    const kept = await filesOf(host, 'win')
    await studio.forgetVm('designer')
    expect(states(studio)).toEqual(['win: off'])
    expect(studio.current.notice).toBe('The VM "designer" is forgotten.')
    expect(await filesOf(host, 'designer')).toEqual([])
    expect(await filesOf(host, 'win')).toEqual(kept)
    expect(studio.viewOf('bind').verdict.status).toBe('ok')
    expect(studio.current.saved.others).toEqual([])
  })
})

describe('the tray with several VMs', () => {
  const menu = (studio: Studio) => trayMenu(snapshotOf(studio, { available: true, text: '' }))

  it('has a submenu for each with its actions, and none for a single VM', async () => {
    const { studio } = await proven()
    expect(menu(studio).items.every(({ items }) => items.length === 0)).toBe(true)
    await studio.addVm('win')
    const { items, state, tooltip } = menu(studio)
    expect(state).toBe('running')
    expect(tooltip).toContain('VM "designer": running (simulated). VM "win": off (simulated)')
    const offered = items
      .filter((item) => item.items.length > 0)
      .map(({ label, items: below }) => {
        return [label, ...below.filter(({ enabled }) => enabled).map((item) => `${item.label} ${item.vm}`)]
      })
    expect(offered).toEqual([
      [
        'VM "designer": running (simulated)',
        'Open console designer',
        'Shut down designer',
        'Reset… designer',
        'Force off… designer',
      ],
      ['VM "win": off (simulated)', 'Start the VM win'],
    ])
  })

  it('shows the most urgent state of all', async () => {
    const { studio } = await two()
    const snapshot = snapshotOf(studio, { available: true, text: '' })
    if (snapshot === null) throw new Error('not looked at')
    const shown = (...all: (typeof snapshot.vms)[number]['state'][]) =>
      trayMenu({ ...snapshot, vms: snapshot.vms.map((vm, index) => ({ ...vm, state: all[index] ?? 'off' })) }).state
    expect(shown('running', 'attention')).toBe('attention')
    expect(shown('starting', 'attention')).toBe('attention')
    expect(shown('running', 'stopping')).toBe('stopping')
    expect(shown('starting', 'running')).toBe('starting')
    expect(shown('off', 'running')).toBe('running')
    expect(shown('off', 'off')).toBe('off')
    const failed = {
      kind: 'failed',
      step: null,
      problem: { code: 'vm-failed', message: 'no', detail: null, hint: null },
    } as const
    expect(trayMenu({ ...snapshot, phase: failed }).state).toBe('attention')
  })
})

describe('a saved state', () => {
  it('is read whole, also one of a version that knew a single VM', async () => {
    const directory = await temporaryDirectory('studio-roster')
    const store = new FileStore(join(directory, 'studio.json'))
    const old = { version: 1, choices: DEFAULT_CHOICES, proofs: NO_PROOFS, pending: null }
    await writeFile(join(directory, 'studio.json'), JSON.stringify(old))
    const { saved: first } = await store.load()
    expect(first).toEqual({ ...old, others: [] })
    const { saved } = (await two()).studio.current
    await store.save(first, saved)
    expect(await store.load()).toEqual({ saved, notice: null })
    expect(saved.others.map(({ definition }) => definition.name)).toEqual(['designer'])
  })
})
