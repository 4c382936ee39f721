import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { bundleGuest } from './guest-bundle.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const FREE = ['bochs-drm', 'snd_hda_intel']

test('nine steps are clicked in the real window on a real kernel, and undone', async () => {
  const script = await bundleGuest('gui-scenario')
  await bundleGuest('gui-clicks')
  const run = await runInLab('gui', `exec node ${script} "$1"\n`)
  expect(run.exitCode, run.log).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('a closed polkit dialog and a refusal change nothing, and are reported', () => {
    const action = 'org.passthrough-studio.apply-kernel'
    expect(notes.value('polkit dismissed')).toMatchObject({ exitCode: 2, asked: [action], written: null })
    expect(notes.value('polkit dismissed')).toHaveProperty('stderr', expect.stringContaining('dialog was closed'))
    expect(notes.value('polkit denied')).toMatchObject({ exitCode: 2, written: null })
    expect(notes.value('polkit denied')).toHaveProperty('stderr', expect.stringContaining('does not allow you'))
  })

  await test.step('the installed program has its name, and one window however often it is started', () => {
    expect(notes.value('windows')).toEqual([expect.stringContaining('("passthrough-studio" "passthrough-studio")')])
    expect(notes.value('started again')).toEqual({ exitCode: 0, windows: 1 })
  })

  await test.step('polkit asks for a password for each change and for no start, with our message', () => {
    const dialogs = notes.every('dialogs').flat() as { action: string; message: string }[]
    expect(dialogs.length).toBeGreaterThan(5)
    for (const { action, message } of dialogs) {
      expect(action).toMatch(/^org\.passthrough-studio\.(apply-[a-z]+|undo|leave|read-closed|reboot)$/u)
      expect(message).toContain('Passthrough Studio')
    }
  })

  await test.step('steps 1 to 3 are applied, and the button reboots', async () => {
    expect(notes.drivers('boot 1')).toMatchObject({ drivers: FREE, groups: 0 })
    expect(notes.value('verdict platform')).toBe('needs-work')
    expect(notes.value('verdict kernel')).toBe('ok')
    // The boot menu is closed to this user until root has read it.
    expect(notes.value('verdict closed')).toBe('unknown')
    expect(notes.value('verdict boot')).toBe('after-reboot')
    expect(notes.value('autostart')).toBe(true)
    expect(notes.drivers('boot 2').groups).toBeGreaterThan(3)
  })

  await test.step('the wizard opens at its former step, and the card is bound', async () => {
    expect(notes.value('opened on')).toBe('3 Boot')
    expect(notes.value('verdict resumed')).toBe('ok')
    expect(notes.value('devices followed')).toEqual([FREE[1], expect.not.stringContaining('snd'), FREE[1]])
    expect(notes.value('bound')).toEqual(['vfio-pci', 'vfio-pci'])
    for (const step of ['cards', 'bind', 'verify', 'network']) expect(notes.value(`verdict ${step}`), step).toBe('ok')
    expect(notes.value('verdict definition')).toBe('ok')
    expect(notes.value('verdict launch')).toBe('ok')
  })

  await test.step('the last page shows what the guest reported', async () => {
    const rows = notes.value('proof') as string[]
    expect(rows.some((row) => /1234:1111.*030000.*01:00\.0, handed over/su.test(row))).toBe(true)
    expect(rows.some((row) => /8086:2668.*040300.*01:00\.1, handed over/su.test(row))).toBe(true)
    console.log(`PROOF (window): ${rows.map((row) => row.replaceAll(/\s+/gu, ' ')).join(' | ')}`)
  })

  await test.step('everything is undone, and the next boot confirms it', async () => {
    expect(notes.differences('undone')).toEqual([])
    expect(notes.drivers('boot 3')).toMatchObject({ drivers: FREE, groups: 0 })
    expect(notes.differences('after everything')).toEqual([])
  })

  await test.step('each step leaves one picture', async () => {
    const pictures = (await readdir(join(run.share, 'pictures'))).join(' ')
    for (const name of ['platform', 'kernel', 'boot', 'cards', 'bind', 'verify', 'network', 'definition', 'launch'])
      expect(pictures).toContain(`-${name}.png`)
  })
})
