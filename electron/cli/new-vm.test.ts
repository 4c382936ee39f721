import { stdout } from 'node:process'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSession } from '#app/session/session.ts'
import { Studio } from '#app/studio.ts'
import { parseCommand } from './arguments.ts'
import { vm } from './vm.ts'

let said = ''
beforeEach(() => {
  said = ''
  vi.spyOn(stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function opened(): Promise<Studio> {
  const studio = new Studio(await openSession('paper', 'unused'))
  await studio.open()
  return studio
}

const run = (studio: Studio, ...words: string[]) => vm(studio, parseCommand(['vm', 'new', ...words]))

describe('vm new', () => {
  it('selects a VM with nothing chosen but its card, and says which card that is', async () => {
    const studio = await opened()
    expect(await run(studio, 'office', '--card', '04:00.1')).toBe(0)
    expect(studio.current.saved.choices.definition).toMatchObject({ name: 'office', cards: ['0000:04:00.0'] })
    expect(said).toMatch(/^"office" is new and selected; nothing is written yet\. It takes .* at 04:00\.0\. /u)
  })

  it('leaves the card to be decided where none is named', async () => {
    const studio = await opened()
    await run(studio, 'office', '--json')
    expect(studio.current.saved.choices.definition).toMatchObject({ name: 'office', cards: null })
    expect(JSON.parse(said)).toMatchObject({ name: 'office', selected: true, state: 'off' })
  })

  it.each([
    [[], 'Which name?'],
    [['../x'], '"../x" is no name for a new VM: a VM name has'],
    [['lock'], '"lock" is no name for a new VM: this is a word of this program’s own'],
    [['designer'], 'Another VM is called "designer" already.'],
    [['office', '--card', '00:1f.0'], 'No card at 00:1f.0 is reserved for VMs.'],
    [['office', '--card', 'GeForce'], '"GeForce" is no address of a card.'],
  ])('with the words %j adds nothing and says why', async (words, why) => {
    const studio = await opened()
    await expect(run(studio, ...words)).rejects.toThrow(why)
    expect(studio.current.vms.map(({ name }) => name)).toEqual(['designer'])
    expect(said).toBe('')
  })
})
