import { stderr, stdout } from 'node:process'
import { describe, expect, it, vi } from 'vitest'
import { makeImmutable, paperStudio } from '#app/session/paper-studio.fixture.ts'
import type { Studio } from '#app/studio.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { JOURNAL_FILE, OWN_FILES } from '#shared/base/own-files.ts'
import { parseCommand } from '../arguments.ts'
import { journal } from './journal.ts'
import { leave } from './leave.ts'
import { setJournalAside } from './set-journal-aside.ts'
import { undo } from './undo.ts'

const PROGRAM = {
  build: { version: '1.2.3', origin: 'package', standIn: false, helper: '', node: '/usr/bin/node' },
  directory: '/usr/lib/passthrough-studio',
} as const

async function paper(): Promise<{ studio: Studio; host: SimulatedHost }> {
  const { studio, host } = await paperStudio()
  await studio.open()
  return { studio, host }
}

/** What a verb writes to standard output, and its exit code. */
async function said(verb: () => Promise<number>): Promise<{ exitCode: number; text: string }> {
  let text = ''
  const write = vi.spyOn(stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    return { exitCode: await verb(), text }
  } finally {
    write.mockRestore()
  }
}

/** A host on which step 3 cannot be taken back: one of its files is immutable. */
async function stuck() {
  const { studio, host } = await paper()
  await studio.apply(studio.viewOf('boot').plan.id, null)
  makeImmutable(host, OWN_FILES.grubDefaults)
  return studio
}

describe('a change that undo could not take back', () => {
  it('is left as it is by the very command that undo prints', async () => {
    const studio = await stuck()
    const undone = await said(() => undo(studio, parseCommand(['undo', '--all']), PROGRAM))
    expect(undone.exitCode).toBe(1)
    const [, call = ''] = /^ {2}passthrough-studio (leave .+)$/mu.exec(undone.text) ?? []
    expect(undone.text).toMatch(
      /^Not taken back: Change \/etc\/default\/grub\. It is immutable\. See lsattr\.\nThe rest was/u,
    )
    expect(undone.text).toContain(`To leave as it is: Change ${OWN_FILES.grubDefaults}\n`)
    const left = await said(() => leave(studio, parseCommand(call.split(' '))))
    expect(left).toEqual({ exitCode: 0, text: `Left as it is: Change ${OWN_FILES.grubDefaults}.\n` })
    expect(studio.current.journal.filter(({ reverted }) => reverted === null)).toEqual([])
  })

  it('is the only kind of change that can be left, and only by its name', async () => {
    const { studio } = await paper()
    await studio.apply(studio.viewOf('boot').plan.id, null)
    const [entry] = studio.current.journal
    const inForce = parseCommand(['leave', `${entry?.tx ?? ''}/0`])
    await expect(leave(studio, inForce)).rejects.toMatchObject({ problem: { code: 'conflict' } })
    expect(() => parseCommand(['leave'])).toThrow('Which change?')
    expect(() => parseCommand(['leave', '../x'])).toThrow('"../x" names no change')
    expect(studio.current.journal.every(({ reverted }) => reverted === null)).toBe(true)
  })
})

describe('a journal with a damaged line', () => {
  it('is not said to hold nothing: what it cannot tell may be in force', async () => {
    const { host } = await paper()
    const list = parseCommand(['journal'])
    const nothing = await said(() => journal(list, host))
    expect(nothing).toEqual({ exitCode: 0, text: 'Nothing of Passthrough Studio is in force on this host.\n' })
    await host.writeAtomic(JOURNAL_FILE, new TextEncoder().encode('damaged\n'), { mode: 0o644, uid: 0, gid: 0 })
    const complain = vi.spyOn(stderr, 'write').mockReturnValue(true)
    const { exitCode, text } = await said(() => journal(list, host))
    expect(complain.mock.calls).toEqual([['Line 1 of the journal is damaged.\n']])
    complain.mockRestore()
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: expect.stringContaining('may be in force') as string })
  })

  const verb = (studio: Studio, ...more: string[]) =>
    setJournalAside(studio, parseCommand(['set-journal-aside', ...more]))

  it('is set aside once that is confirmed, and the answer says where it lies', async () => {
    const { studio, host } = await paper()
    await host.writeAtomic(JOURNAL_FILE, new TextEncoder().encode('damaged\n'), { mode: 0o644, uid: 0, gid: 0 })
    await studio.recheck()
    await expect(verb(studio)).rejects.toThrow('Line 1 of the journal is damaged.')
    expect(await host.state(JOURNAL_FILE)).not.toBeNull()
    const { exitCode, text } = await said(() => verb(studio, '--confirm', 'journal'))
    const [, directory = ''] = /^The journal was set aside in (\S+)\.\n$/u.exec(text) ?? []
    expect(exitCode).toBe(0)
    expect(await host.read(`${directory}/journal.jsonl`)).toEqual({ kind: 'text', text: 'damaged\n' })
    expect(await host.state(JOURNAL_FILE)).toBeNull()
  })

  it('is the only one that is', async () => {
    const { studio } = await paper()
    await studio.apply(studio.viewOf('boot').plan.id, null)
    await expect(verb(studio, '--confirm', 'journal')).rejects.toThrow('Nothing is wrong with the journal.')
  })
})
