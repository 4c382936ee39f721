import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { STEP_IDS } from '#shared/wizard/step-id.ts'
import { parseCommand } from '../arguments.ts'
import { bashCompletion, fishCompletion, zshCompletion } from './completions.ts'
import { manPage } from './man-page.ts'
import { OPTIONS, USAGE, VERB_NAMES, VM_VERBS } from './manual.ts'

/** Roff's escapes taken back, as a reader sees it. */
const page = manPage('1.2.3', '2026-01-31').replaceAll('\\-', '-').replaceAll('\\(cq', '’')

describe('documentation of the command line', () => {
  const tellers = { help: USAGE, 'the man page': page }
  for (const [name, text] of Object.entries(tellers)) {
    it(`${name} names every verb, step and option`, () => {
      for (const verb of VERB_NAMES) expect(text).toMatch(new RegExp(`^(  |\\.B )${verb}\\b`, 'mu'))
      for (const { name: option } of OPTIONS) expect(text).toContain(`--${option}`)
      for (const word of [...STEP_IDS, ...VM_VERBS]) expect(text).toMatch(new RegExp(`\\b${word}\\b`, 'u'))
    })
  }

  const completions = { bash: bashCompletion(), zsh: zshCompletion(), fish: fishCompletion() }
  for (const [shell, text] of Object.entries(completions)) {
    it(`completes every verb, step and option in ${shell}`, () => {
      for (const word of [...VERB_NAMES, ...STEP_IDS, ...VM_VERBS])
        expect(text).toMatch(new RegExp(`\\b${word}\\b`, 'u'))
      for (const { name } of OPTIONS) expect(text).toMatch(new RegExp(`(--|-l )${name}\\b`, 'u'))
    })
  }

  it('has version and date in the man page, and no line that roff takes for a request', () => {
    expect(page).toContain('Passthrough Studio 1.2.3')
    expect(page).toContain('2026-01-31')
    for (const line of page.split('\n').filter((each) => each.startsWith('.'))) {
      expect(line).toMatch(/^\.(TH|SH|TP|PP|B|BR|I|RI|br)\b/u)
    }
  })
})

describe('the installed launcher', () => {
  it('passes every option before a verb to the command line, and opens no window for it', async () => {
    const launcher = await readFile(join(import.meta.dirname, '../../../assets/linux/launcher.sh'), 'utf8')
    const [cases = ''] = /^ {2}-h \| .*\)$/mu.exec(launcher) ?? []
    for (const name of ['help', 'version', ...OPTIONS.map((option) => option.name), 'last', 'all', 'paper'])
      expect(cases).toMatch(new RegExp(`\\| --${name}(\\*| |\\)|=)`, 'u'))
  })
})

describe('the command line', () => {
  it('accepts every verb that help names', () => {
    for (const verb of VERB_NAMES) {
      const more = { plan: ['boot'], apply: ['boot'], vm: ['list'], leave: ['m0-boot-1/0'] }[verb as string] ?? []
      expect(parseCommand([verb, ...more]).verb).toBe(verb)
    }
  })

  it('takes the name and the card of a new VM', () => {
    expect(parseCommand(['vm', 'new', 'office', '--card', '04:00.0'])).toMatchObject({
      ...{ vm: 'new', vmName: 'office', card: '04:00.0' },
    })
  })

  it('asks the helper for its state by default, and refuses unknown words', () => {
    expect(parseCommand(['helper']).helper).toBe('status')
    expect(parseCommand(['helper', 'install']).helper).toBe('install')
    expect(() => parseCommand(['helper', 'explode'])).toThrow('say status, install or remove')
    expect(parseCommand(['--version']).verb).toBe('version')
  })
})
