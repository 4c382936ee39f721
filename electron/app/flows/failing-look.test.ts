import { describe, expect, it } from 'vitest'
import type { Host } from '#host/host.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { openSession, type Session } from '../session/session.ts'
import { Studio } from '../studio.ts'

/** The paper's workstation of which one file can be made unreadable by an error that is no file error. */
async function breakable(helper?: Partial<Session['helper']>) {
  const session = await openSession('paper', 'unused')
  let broken = false
  let begun: () => void = () => undefined
  const read: Host['read'] = (path) => {
    if (!broken || path !== '/proc/cmdline') return session.host.read(path)
    begun()
    return Promise.reject(new Error('the look broke'))
  }
  /** Settles when a look has come to the broken file. */
  const breakLook = (now: boolean) => {
    broken = now
    return new Promise<void>((resolve) => (begun = resolve))
  }
  const host = new Proxy(session.host, {
    get: (target, name) => {
      if (name === 'read') return read
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const kept = session.helper
  const studio = new Studio({
    ...session,
    host,
    helper: {
      apply: (plan, onEvent) => kept.apply(plan, onEvent),
      undo: (what, onEvent) => kept.undo(what, onEvent),
      leave: (tx, index) => kept.leave(tx, index),
      setJournalAside: () => kept.setJournalAside(),
      confirmNetwork: () => kept.confirmNetwork(),
      readClosed: () => kept.readClosed(),
      launch: (vm) => kept.launch(vm),
      reboot: () => kept.reboot(),
      ...helper,
    },
  })
  await studio.open()
  return { studio, breakLook }
}

describe('an action after which the host cannot be looked at', () => {
  it('fails with what the helper said, and with why the facts may be older', async () => {
    const { studio, breakLook } = await breakable({
      apply: (_plan, onEvent) => {
        onEvent({ kind: 'change-started', index: 0, total: 2, text: 'first change' })
        void breakLook(true)
        return Promise.reject(new ProblemError('disk-full', 'No room in /boot.', { hint: 'Make room.' }))
      },
    })
    const thrown: unknown = await studio.apply(studio.viewOf('boot').plan.id, null).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ problem: { code: 'disk-full', message: 'No room in /boot.' } })
    expect(studio.current.phase).toMatchObject({
      kind: 'failed',
      step: 'boot',
      problem: {
        code: 'disk-full',
        hint: 'Make room. What is shown may be older: the host could not be looked at again (the look broke).',
      },
    })
  })

  it('fails also where only the reading fails, and recovers with the next reading', async () => {
    const { studio, breakLook } = await breakable()
    void breakLook(true)
    await expect(studio.recheck()).rejects.toThrow('the look broke')
    expect(studio.current.phase).toMatchObject({ kind: 'failed', problem: { message: 'the look broke' } })
    void breakLook(false)
    await studio.recheck()
    expect(studio.current.phase.kind).toBe('ready')
  })
})

describe('a failing read of the host in the background', () => {
  it('is reported to its caller, and not to the action that waited for it', async () => {
    const { studio, breakLook } = await breakable()
    const begun = breakLook(true)
    const background = studio.refreshInBackground()
    await begun
    const undo = studio.undo({ kind: 'all' })
    void breakLook(false)
    await Promise.all([
      expect(background).rejects.toThrow('the look broke'),
      expect(undo).resolves.toEqual({ notes: [], left: [] }),
    ])
  })
})
