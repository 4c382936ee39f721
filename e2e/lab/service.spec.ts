import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { bundleGuest } from './guest-bundle.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const said = (words: string) => expect.stringContaining(words) as unknown
const DENIED = { exitCode: expect.any(Number) as unknown, stderr: said('required') }

test('a VM is a service: its user needs no password, the host asks its guest before it ends', async () => {
  test.setTimeout(45 * 60_000)
  const script = await bundleGuest('service-scenario')
  const run = await runInLab('service', `exec node ${script} "$1"\n`, { limitMs: 40 * 60_000 })
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('its user starts and stops it by app and systemctl, and nothing else', () => {
    expect(notes.value('started by the app')).toMatchObject({ exitCode: 0, state: 'active', report: said('1111') })
    expect(notes.value('another unit')).toMatchObject(DENIED)
    expect(notes.value('stopped by its user')).toMatchObject({ exitCode: 0, state: 'inactive' })
    expect(notes.value('started by systemctl')).toMatchObject({ exitCode: 0, state: 'active' })
    expect(notes.value('node after the end')).not.toContain('1000')
  })

  await test.step('another user does neither', () => {
    expect(notes.value('stopped by another user')).toMatchObject({ ...DENIED, state: 'active' })
    expect(notes.value('started by another user')).toMatchObject({ ...DENIED, state: 'inactive' })
  })

  await test.step('while it runs the host does not sleep', () => {
    expect(notes.value('sleep')).toContain('The VM designer runs')
  })

  await test.step('a stop, and the host’s own end, are asked of the guest, which shuts itself down', async () => {
    const off = /passthrough-studio-proof asked[^]*passthrough-studio-proof off/u
    expect(notes.value('stopped by its user')).toMatchObject({ said: expect.stringMatching(off) })
    expect(await readFile(join(run.share, 'guest-serial.log'), 'utf8')).toMatch(off)
  })

  await test.step('it is started at boot, and not after a start that failed', () => {
    expect(notes.value('started at boot')).toBe('active')
    const why = '0000:01:00.0 is not on vfio-pci. Apply step 5 again.'
    expect(notes.value('a start that fails')).toEqual({ exitCode: 1, told: `${why}\n`, kept: true })
    expect(notes.value('after that')).toMatchObject({ status: { state: 'attention', error: why } })
    expect(notes.value('not started after that')).toBe('inactive')
    expect(notes.value('by hand again')).toBe(0)
    expect(notes.value('mark after that')).toBe(false)
  })

  await test.step('undo takes unit, rule and start at boot away', () => {
    expect(notes.value('undo')).toBe(0)
    expect(notes.value('left')).toBe('')
  })
})
