import { describe, expect, it } from 'vitest'
import { SAMPLES } from '#core/texts/samples.fixture.ts'
import { recorded } from './recorded.ts'

describe('a change in the journal', () => {
  const file = { kind: 'write-file', path: '/etc/a', text: 'a\n', mode: 0o644, expected: null } as const

  it('has the text of a file without its recipe', () => {
    for (const recipe of SAMPLES) expect(recorded({ ...file, recipe })).toEqual(file)
  })

  it('is the change itself for every other kind', () => {
    const load = { kind: 'load-module', module: 'vfio-pci' } as const
    expect(recorded(load)).toBe(load)
  })
})
