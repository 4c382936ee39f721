import { expect, test } from '@playwright/test'
import { standInDeb } from '#tools/package.mjs'
import { bundleGuest } from './guest-bundle.ts'
import { inGuest, onlyOnce } from './machine.ts'
import { Notes } from './notes.ts'
import { runUninstalled } from './run.ts'

const OLDER = '0.0.9'

interface Said {
  exitCode: number
  said: string
  there: boolean
}

test('the package is updated under an open window, removed, purged and installed again', async () => {
  const debs = [await standInDeb(OLDER), await standInDeb()].map(inGuest)
  const script = await bundleGuest('package-scenario')
  const run = await runUninstalled('package', onlyOnce(`exec node ${script} "$1" ${debs.join(' ')}\n`))
  expect(run.exitCode, run.log).toBe(0)
  const notes = await Notes.of(run.share)
  const said = (what: string) => notes.value(what) as Said

  await test.step('an update changes files of the package only, and the open window says so', () => {
    expect(said('install the older version')).toMatchObject({ exitCode: 0, there: true })
    expect(notes.value('older version')).toBe(`passthrough-studio ${OLDER}~standin`)
    expect(said('update')).toMatchObject({ exitCode: 0 })
    expect(said('update').said).toContain('An open window of it says so')
    expect(notes.value('update changed')).toEqual({ changed: [], journalSame: true })
    expect(notes.value('restarted')).toMatch(/Version\s+(?!0\.0\.9)\d+\.\d+\.\d+~standin/u)
    expect(notes.value('restarted')).toContain('for tests only')
  })

  await test.step('the package is not removed while a new network waits or a VM runs', () => {
    const network = said('remove while a network waits')
    expect(network).toMatchObject({ there: true })
    expect(network.exitCode).not.toBe(0)
    expect(network.said).toContain('a new network waits to be kept')
    const vm = said('remove while a VM runs')
    expect(vm).toMatchObject({ there: true })
    expect(vm.exitCode).not.toBe(0)
    expect(vm.said).toContain('passthrough-studio-vm-designer.service')
  })

  await test.step('removal names the changes in force and undoes none', () => {
    expect(said('remove')).toMatchObject({ exitCode: 0, there: false })
    expect(said('remove').said).toContain('Write /etc/modules-load.d/passthrough-studio.conf')
    expect(said('remove').said).toContain('rescue.sh')
    const { inForce, remains } = notes.value('removed') as { inForce: boolean; remains: string[] }
    expect(inForce).toBe(true)
    expect(
      remains.filter((path) => !/^\/(var\/lib\/(passthrough-studio|dpkg)|etc\/modules-load\.d)/u.test(path)),
    ).toEqual([])
  })

  await test.step('purge leaves journal and rescue script while anything is in force', () => {
    expect(said('purge')).toMatchObject({ exitCode: 0 })
    expect(said('purge').said).toContain('stay in /var/lib/passthrough-studio')
    expect(notes.value('purged')).toEqual({ rescue: true, journal: true })
  })

  await test.step('a new installation goes on where it was, and undoes everything', () => {
    expect(said('install again')).toMatchObject({ exitCode: 0, there: true })
    expect(notes.verb('journal').stdout).toContain('In force on this host')
    expect(notes.verb('undo --all')).toMatchObject({ exitCode: 0 })
    expect(notes.differences('undone')).toEqual([])
  })

  await test.step('the last purge leaves a guest’s disk and nothing of its own', () => {
    expect(said('purge when nothing is in force')).toMatchObject({ exitCode: 0, there: false })
    expect(notes.value('disk')).toBe('a guest’s disk')
    expect((notes.value('remains') as string[]).filter((path) => path !== '/var/lib/passthrough-studio')).toEqual([])
  })
})
