import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { definition } from './definition.ts'

const facts = await paperFacts()
const called = (name: string) =>
  situationOf(facts, { ...DEFAULT_CHOICES, definition: { ...DEFAULT_CHOICES.definition, name } })

describe('a VM whose name this program reserves', () => {
  it('is shown with a hint, and step 8 writes nothing for it', () => {
    const said = definition.check(called('guard')).find(({ code }) => code === 'definition-name')
    expect(said).toMatchObject({
      status: 'fail',
      text: 'No VM can be called "guard": that is a word of this program’s own.',
    })
    expect(said?.fix?.text).toContain('make a new VM with another name')
    expect(definition.plan(called('guard')).changes).toEqual([])
    expect(definition.plan(called('designer')).changes).not.toEqual([])
    expect(definition.check(called('designer')).some(({ code }) => code === 'definition-name')).toBe(false)
  })
})
