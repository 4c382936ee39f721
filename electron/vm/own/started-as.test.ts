import { describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import { cardsOf } from '#core/units/units.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Reader, ReadResult } from '#shared/base/system.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { startedAs } from './started-as.ts'

const PATH = '/run/passthrough-studio/vms/designer/vm.json'

/** A host with this one file. */
function holding(found: ReadResult): Reader {
  return {
    read: async (path) => (path === PATH ? found : { kind: 'absent' }),
    list: async () => ({ kind: 'absent' }),
    link: async () => ({ kind: 'absent' }),
    owner: async () => null,
  }
}

describe('the definition a VM was started with', () => {
  it('is read from beside its sockets, and from nowhere else', async () => {
    const facts = await paperFacts()
    const definition = defineVm(facts, DEFAULT_CHOICES, cardsOf(facts).slice(0, 1), null)
    if (definition === null) throw new Error('no VM')
    const text = (of: object) => holding({ kind: 'text', text: definitionText({ ...definition, ...of }) })
    expect(await startedAs(text({ memoryMiB: 300 }), 'designer')).toEqual({ ...definition, memoryMiB: 300 })
    expect(await startedAs(text({ name: 'other' }), 'designer')).toBeNull()
    expect(await startedAs(holding({ kind: 'text', text: '{' }), 'designer')).toBeNull()
    expect(await startedAs(holding({ kind: 'denied', why: 'EACCES' }), 'designer')).toBeNull()
    expect(await startedAs(holding({ kind: 'absent' }), 'designer')).toBeNull()
  })
})
