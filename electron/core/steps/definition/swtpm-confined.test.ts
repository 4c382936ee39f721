import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { withSwtpmRules } from '#core/texts/apparmor/swtpm-rules.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { OWN_FILES, SWTPM_PROFILE } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { changeText } from '#shared/plan/change.ts'
import { concernsVm } from '#shared/plan/vm-of-change.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { definition } from './definition.ts'

const paper = await paperFacts()
const there = (text: string) => ({ text, sha256: 'a'.repeat(64) })
const profile = { [SWTPM_PROFILE]: there('profile swtpm /usr/bin/swtpm {}\n') }

function planned(files: Facts['files'], tpm = true) {
  const facts = { ...paper, files: { ...paper.files, ...files } }
  const choices = choosing({ definition: { profile: 'windows-10', tpm } })
  const { changes } = definition.plan(situationOf(facts, choices))
  return changes.find(({ change }) => change.kind === 'write-file' && change.path === OWN_FILES.swtpmRules)
}

describe('a TPM where AppArmor confines swtpm', () => {
  it('gets rules beside those of the administrator, and shows them as an edit', () => {
    const theirs = '# Site-specific additions\n'
    const found = planned({ ...profile, [OWN_FILES.swtpmRules]: there(theirs) })
    expect(found).toMatchObject({ before: theirs, change: { text: withSwtpmRules(theirs), expected: 'a'.repeat(64) } })
    expect(found === undefined ? '' : changeText(found.change)).toContain(OWN_FILES.swtpmRules)
  })

  it('gets nothing twice, and nothing where swtpm is not confined or the VM has no TPM', () => {
    expect(planned({ ...profile, [OWN_FILES.swtpmRules]: there(withSwtpmRules('')) })).toBeUndefined()
    expect(planned({})).toBeUndefined()
    expect(planned(profile, false)).toBeUndefined()
  })

  it('keeps the rules while one VM’s files are taken back, which others may run by', () => {
    const found = planned(profile)
    if (found === undefined) throw new RangeError('no rules are planned')
    expect([concernsVm(found.change, 'designer'), concernsVm(found.change, null)]).toEqual([false, true])
  })
})
