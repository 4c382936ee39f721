import { describe, expect, it } from 'vitest'
import { discArguments } from './answer-disc.ts'
import { accountName, accountPassword, computerName } from './names.ts'
import { startingAnswers } from './starting.ts'

describe('answers for Windows’ Setup', () => {
  it.each([
    ['de-AT', { language: 'de-DE', region: 'de-AT', keyboard: 'de-AT' }],
    ['fr-CA', { language: 'fr-CA', region: 'fr-CA', keyboard: 'fr-CA' }],
    ['pt', { language: 'pt-BR', region: 'pt-BR' }],
    ['eo', { language: 'en-US', region: 'en-US' }],
  ])('begin with what a session in %s has', (language, expected) => {
    expect(startingAnswers('win', { language, timeZone: 'UTC' })).toMatchObject(expected)
  })

  it('begin with the time zone of the session, or UTC where Windows’ name of it is not known', () => {
    const zone = (timeZone: string) => startingAnswers('win', { language: 'en-US', timeZone }).timeZone
    expect(zone('Europe/Vienna')).toBe('W. Europe Standard Time')
    expect(zone('Antarctica/Troll')).toBe('UTC')
  })

  it('begin with the VM’s name for the computer, where Windows takes it', () => {
    const name = (vm: string) => startingAnswers(vm, { language: 'en-US', timeZone: 'UTC' }).computerName
    expect(name('designer')).toBe('DESIGNER')
    expect(name('a-very-long-name-of-a-vm')).toBe('A-VERY-LONG-NAM')
    expect(name('2024')).toBe('WINDOWS-VM')
  })

  it.each(['WINDOWS-VM', 'a', 'PC1'])('take %s as a computer’s name', (name) => {
    expect(computerName.safeParse(name).success).toBe(true)
  })
  it.each(['', '-PC', 'PC-', '2024', 'SIXTEEN-LETTERS-', 'PC_1', 'P C', 'PC.local'])('refuse %j as one', (name) => {
    expect(computerName.safeParse(name).success).toBe(false)
  })

  it.each(['anna', 'Anna Maria', 'O’Neil & co', 'Łucja'])('take %s as an account', (name) => {
    expect(accountName.safeParse(name).success).toBe(true)
  })
  it.each(['', ' anna', 'anna.', 'a@b', 'a\\b', 'x'.repeat(21), 'Administrator', 'guest', 'a\nb'])(
    'refuse %j as one',
    (name) => {
      expect(accountName.safeParse(name).success).toBe(false)
    },
  )

  it('take a password of one line, and none that is empty', () => {
    expect(['x', 'a b', '"&<', 'пароль'].map((text) => accountPassword.safeParse(text).success)).not.toContain(false)
    expect(['', 'a\nb', 'x'.repeat(128)].map((text) => accountPassword.safeParse(text).success)).not.toContain(true)
  })

  it('go onto a disc by xorriso without any configuration, and by others, wherever a file lies', () => {
    expect(discArguments('xorriso', '/a.iso', []).slice(0, 3)).toEqual(['-no_rc', '-as', 'mkisofs'])
    const graft = discArguments('mkisofs', '/a.iso', [{ name: 'b.cmd', from: '/srv/a=b\\c' }]).slice(-3)
    expect(graft).toEqual(['/a.iso', '-graft-points', 'b.cmd=/srv/a\\=b\\\\c'])
  })
})
