import { expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { definitionIn } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { definitionText } from './definition.ts'

it('vm.json is read and written again byte for byte, whatever the VM is for', async () => {
  const facts = await paperFacts()
  for (const profile of ['proof-guest', 'windows-11', 'windows-10', 'linux'] as const) {
    const definition = { ...DEFAULT_CHOICES.definition, profile }
    const text = definitionText(situationOf(facts, { ...DEFAULT_CHOICES, definition }).definition ?? expect.fail())
    expect(definitionText(definitionIn(text) ?? expect.fail())).toBe(text)
  }
})
