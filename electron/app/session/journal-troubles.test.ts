import { describe, expect, it } from 'vitest'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { JOURNAL_FILE, OWN_FILES } from '#shared/base/own-files.ts'
import type { Studio } from '../studio.ts'
import { snapshotOf } from '../views/snapshot.ts'
import { makeImmutable, paperStudio } from './paper-studio.fixture.ts'

const FILE = { mode: 0o644, uid: 0, gid: 0 }
const put = (host: SimulatedHost, path: string, text: string) =>
  host.writeAtomic(path, new TextEncoder().encode(text), FILE)
/** What the window shows. */
const shown = (studio: Studio) => snapshotOf(studio, { available: false, text: '' })
const said = (studio: Studio) =>
  studio
    .viewOf('platform')
    .findings.filter(({ code }) => code.startsWith('journal-'))
    .map(({ code, text }) => `${code}: ${text}`)

describe('a host whose journal has a line nobody understands', () => {
  it('is looked at all the same, and the line is named; only changes are refused', async () => {
    const { studio, host } = await paperStudio()
    await put(host, JOURNAL_FILE, '{"kind":"audited","tx":"m0-boot-1"}\n')
    await studio.open()
    expect(said(studio)).toEqual([
      'journal-doubt: Line 1 of the journal is not understood: its kind is "audited". Another version of this program may have written it.',
    ])
    expect(studio.current.steps).toHaveLength(9)
    expect(shown(studio)?.barred).toMatch(/^Line 1 of the journal is not understood/u)
    await expect(studio.apply(studio.viewOf('boot').plan.id, null)).rejects.toMatchObject({
      problem: { code: 'journal' },
    })
    // The VMs of the host can be asked for and ended.
    expect(studio.current.vms).toBeInstanceOf(Array)
    await studio.shutDownVm()
  })

  it('can be set aside by the button beside its line; then changes can be made', async () => {
    const { studio, host } = await paperStudio()
    await put(host, JOURNAL_FILE, 'damaged\n{"kind":"audited","tx":"m0-boot-1"}\n')
    await studio.open()
    const actions = () => studio.viewOf('platform').findings.map(({ fix }) => fix?.action)
    expect(actions().filter((action) => action === 'set-journal-aside')).toHaveLength(1)
    await studio.setJournalAside()
    expect(studio.current.notice).toMatch(/^The journal was set aside in .*\/set-aside-/u)
    expect(said(studio)).toEqual([])
    expect(shown(studio)?.barred).toBeNull()
    await studio.apply(studio.viewOf('boot').plan.id, null)
    expect(studio.current.journal.length).toBeGreaterThan(0)
    await expect(studio.setJournalAside()).rejects.toMatchObject({ problem: { code: 'refused' } })
  })

  it('is not offered to be set aside while undo still knows changes', async () => {
    const { studio, host } = await paperStudio()
    await studio.open()
    await studio.apply(studio.viewOf('boot').plan.id, null)
    const journal = await host.read(JOURNAL_FILE)
    await put(host, JOURNAL_FILE, `${journal.kind === 'text' ? journal.text : ''}damaged\n`)
    await studio.recheck()
    expect(said(studio)).toHaveLength(1)
    expect(studio.current.journalTroubles.map(({ fix }) => fix?.action)).toEqual([null])
    await studio.undo({ kind: 'all' })
    expect(studio.current.journalTroubles.map(({ fix }) => fix?.action)).toEqual(['set-journal-aside'])
  })

  it('says nothing of a line that is about no change', async () => {
    const { studio, host } = await paperStudio()
    await put(host, JOURNAL_FILE, '{"kind":"note","text":"x"}\n')
    await studio.open()
    expect(said(studio)).toEqual([])
    await studio.apply(studio.viewOf('boot').plan.id, null)
    expect(studio.current.journal.length).toBeGreaterThan(0)
  })
})

describe('a host whose journal cannot be read', () => {
  it('is looked at all the same', async () => {
    const { studio, host } = await paperStudio()
    const read = host.read.bind(host)
    host.read = async (path) => (path === JOURNAL_FILE ? { kind: 'denied', why: `${path}: EIO` } : read(path))
    await studio.open()
    expect(said(studio)).toEqual(['journal-doubt: The journal cannot be read.'])
  })
})

describe('a host without a journal', () => {
  it('with files of ours on it is told so', async () => {
    const { studio, host } = await paperStudio()
    await put(host, OWN_FILES.modulesLoad, 'vfio-pci\n')
    await studio.open()
    expect(said(studio)).toEqual([expect.stringMatching(/^journal-missing: .*modules-load\.d\/passthrough-studio/u)])
  })

  it('and without files of ours has nothing wrong with it', async () => {
    const { studio } = await paperStudio()
    await studio.open()
    expect(said(studio)).toEqual([])
  })
})

describe('a change that could not be taken back', () => {
  it('is shown as not taken back with what to do, and can be left as it is', async () => {
    const { studio, host } = await paperStudio()
    await studio.open()
    await studio.apply(studio.viewOf('boot').plan.id, null)
    makeImmutable(host, OWN_FILES.grubDefaults)
    const { left } = await studio.undo({ kind: 'all' })
    expect(studio.current.notice).toBe('The rest was taken back.')
    const text = `Change ${OWN_FILES.grubDefaults}`
    expect(shown(studio)?.leftOver).toEqual([{ text, why: 'It is immutable. See lsattr.' }])
    const open = () => studio.current.journal.filter(({ reverted }) => reverted === null)
    expect(open()).toMatchObject([{ failed: { why: 'It is immutable. See lsattr.' } }])
    await studio.leave(left[0]?.tx ?? '', left[0]?.index ?? -1)
    expect(open()).toEqual([])
    expect(studio.current.notice).toBe(`Left as it is: ${text}. Undo does not take it back any more.`)
    expect(shown(studio)?.leftOver).toEqual([])
  })
})
