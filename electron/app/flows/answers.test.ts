import { describe, expect, it } from 'vitest'
import { JOURNAL_FILE } from '#shared/base/own-files.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Studio } from '../studio.ts'
import { proven } from './proven.fixture.ts'

const PASSWORD = 'larkspur-7'
const DISC = vmPaths('win').answers
const windows = {
  profile: 'windows-10',
  installIso: '/srv/w.iso',
  driverIso: '/srv/v.iso',
  answers: setupAnswers.parse({ account: 'anna' }),
} as const

async function choose(studio: Studio, chosen: Partial<Choices['definition']>): Promise<void> {
  const { choices } = studio.current.saved
  await studio.choose({ ...choices, definition: { ...choices.definition, ...chosen } })
}
const kinds = (studio: Studio) => studio.viewOf('definition').plan.changes.map(({ change }) => change.kind)

/** A VM of Windows that is to install itself, not written yet. */
async function chosen() {
  const { studio, host } = await proven()
  await studio.addVm('win')
  await choose(studio, windows)
  const apply = (password: string | null) => studio.apply(studio.viewOf('definition').plan.id, null, password)
  return { studio, host, apply }
}

describe('a VM whose Windows installs itself', () => {
  it('is not written without the account’s password', async () => {
    const { host, apply } = await chosen()
    await expect(apply(null)).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await host.state(vmPaths('win').home)).toBeNull()
  })

  it('has its disc once it is written, and the password stands in nothing else that is kept', async () => {
    const { studio, host, apply } = await chosen()
    await apply(PASSWORD)
    expect(await host.state(DISC)).toMatchObject({ mode: 0o600, uid: 1000 })
    expect(kinds(studio)).toEqual([])
    expect(JSON.stringify(studio.current)).not.toContain(PASSWORD)
    for (const path of [JOURNAL_FILE, vmPaths('win').definition, vmPaths('win').script])
      expect(await host.read(path)).toMatchObject({ text: expect.not.stringContaining(PASSWORD) as string })
  })

  it('gets another disc for another answer, for which the password is given again', async () => {
    const { studio, apply } = await chosen()
    await apply(PASSWORD)
    await choose(studio, { answers: { ...windows.answers, computerName: 'DESK-2' } })
    expect(kinds(studio)).toContain('make-answer-disc')
    await expect(apply(null)).rejects.toMatchObject({ problem: { code: 'refused' } })
    await apply(PASSWORD)
    expect(kinds(studio)).toEqual([])
  })

  it.each<[string, Partial<Choices['definition']>]>([
    ['it is not wanted any more', { answers: null }],
    ['the installation disc is taken out', { installIso: null }],
  ])('loses its disc once %s, without a password', async (_when, then) => {
    const { studio, host, apply } = await chosen()
    await apply(PASSWORD)
    await choose(studio, then)
    expect(kinds(studio)).toContain('remove-answer-disc')
    await apply(null)
    expect(await host.state(DISC)).toBeNull()
    expect(kinds(studio)).toEqual([])
  })

  it('is taken back as a whole', async () => {
    const { studio, host, apply } = await chosen()
    await apply(PASSWORD)
    await studio.undo({ kind: 'step', step: 'definition' })
    expect(await host.state(vmPaths('win').home)).toBeNull()
  })
})
