import { expect, test } from '@playwright/test'
import { bundleGuest } from '../guest-bundle.ts'
import { inGuest, onlyOnce } from '../machine.ts'
import { Notes } from '../notes.ts'
import { runInLab } from '../run.ts'
import { swtpmPackages } from './swtpm-packages.ts'

const said = (words: string) => expect.stringContaining(words) as unknown

test('a TPM works where AppArmor confines swtpm, and without our rules step 8 says why not', async () => {
  test.setTimeout(45 * 60_000)
  const [script, packages] = [await bundleGuest('tpm-scenario'), await swtpmPackages()]
  const run = await runInLab('tpm', onlyOnce(`exec node ${script} ${inGuest(packages)}\n`), {
    // The last word counts: the image switches AppArmor off.
    kernelArgs: 'intel_iommu=on apparmor=1 security=apparmor',
    limitMs: 40 * 60_000,
  })
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('step 8 adds our rules to the profile, which is enforced', () => {
    expect(notes.value('planned')).toContain('/etc/apparmor.d/local/usr.bin.swtpm')
    expect(notes.value('profile')).toContain('swtpm (enforce)')
    expect(notes.value('rules')).toMatch(/^# Of the administrator\n# Passthrough Studio/u)
    expect(notes.value('accepted')).toMatchObject({ accepted: true })
  })

  await test.step('the VM starts, its TPM is confined and keeps its state', () => {
    expect(notes.value('started')).toMatchObject({ exitCode: 0, state: 'running' })
    expect(notes.value('confined as')).toContain('swtpm (enforce)')
    expect(notes.value('state of the TPM')).toContain('tpm2-00.permall')
    expect(notes.value('accepted beside it')).toMatchObject({ accepted: true })
  })

  await test.step('a profile without our rules refuses it, and the dry start says so', () => {
    expect(notes.value('accepted without rules')).toMatchObject({ accepted: false, said: said('swtpm: ') })
    expect(notes.value('accepted without rules')).toMatchObject({ said: said('Permission denied') })
  })

  await test.step('undo leaves the administrator’s file as it was', () => {
    expect(notes.value('undo')).toBe(0)
    expect(notes.value('rules after undo')).toBe('# Of the administrator\n')
  })
})
