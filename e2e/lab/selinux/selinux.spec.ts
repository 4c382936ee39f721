import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from '../guest-bundle.ts'
import { onlyOnce } from '../machine.ts'
import { Notes } from '../notes.ts'
import { runInLab } from '../run.ts'

/**
 * As somebody who is logged in, whom the policy does not confine; the job itself is a service. Node compiles what it
 * runs into memory that it executes: Fedora's policy leaves that to whatever it does not confine, Debian's to its
 * administrator, by this boolean.
 */
const asLoggedIn = (script: string) => `setsebool allow_execmem on || exit 1
exec runcon unconfined_u:unconfined_r:unconfined_t:s0 node ${script}
`
const lines = z.array(z.string())

test('with SELinux enforcing a VM runs, and undo leaves labels as they were', async () => {
  test.setTimeout(50 * 60_000)
  const script = await bundleGuest('selinux/selinux-scenario')
  const run = await runInLab('selinux', onlyOnce(asLoggedIn(script)), {
    flavour: 'selinux',
    // The last word counts: other images switch audit off.
    kernelArgs: 'intel_iommu=on security=selinux selinux=1 audit=1',
    limitMs: 45 * 60_000,
  })
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('SELinux enforces, and who asks is a user that it does not confine', () => {
    expect(notes.value('mode')).toBe('1')
    expect(notes.value('as')).toContain(':unconfined_t:')
  })

  await test.step('steps write files with the labels of the policy', () => {
    const made = lines.parse(notes.value('made'))
    expect(made).toContain(
      '/etc/systemd/system/passthrough-studio-vm-designer.service system_u:object_r:systemd_unit_t:s0',
    )
    expect(made).toContain('/etc/modules-load.d/passthrough-studio.conf system_u:object_r:etc_t:s0')
    expect(notes.value('as the policy says')).toBe('')
  })

  await test.step('a guest reports the card', () => {
    expect(notes.value('proved')).toContain('1111')
  })

  await test.step('its user starts and stops it by the rule of step 8', () => {
    for (const what of ['started', 'stopped']) expect(notes.value(what), what).toMatchObject({ exitCode: 0 })
  })

  await test.step('script and QEMU are in the domain of services, which is not confined', () => {
    const labels = lines.parse(notes.value('processes')).map((line) => line.split(' ')[0])
    expect(labels.length).toBeGreaterThanOrEqual(2)
    expect(new Set(labels)).toEqual(new Set(['system_u:system_r:initrc_t:s0']))
  })

  await test.step('undo brings bytes and labels back', () => {
    expect(notes.value('undo')).toBe(0)
    expect(notes.differences('undone')).toEqual([])
    expect(notes.value('labels')).toEqual({ lost: [], new: [] })
  })

  await test.step('meanwhile SELinux has refused nothing', () => {
    expect(notes.value('denied')).toEqual([])
  })
})
