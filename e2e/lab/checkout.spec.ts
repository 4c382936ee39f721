import { expect, test } from '@playwright/test'
import { ensureBuild } from '#tools/prepare.mjs'
import { findRuntime } from '#tools/runtime.mjs'
import { bundleGuest } from './guest-bundle.ts'
import { inGuest, onlyOnce } from './machine.ts'
import { Notes } from './notes.ts'
import { runUninstalled } from './run.ts'

const PLACE = '/opt/passthrough-studio'
const POLICY = '/usr/share/polkit-1/actions/org.passthrough-studio.checkout.policy'

test('a checkout installs its helper with one password, uses, updates and removes it', async () => {
  await ensureBuild()
  const { executable } = await findRuntime()
  const script = await bundleGuest('checkout-scenario')
  const run = await runUninstalled('checkout', onlyOnce(`exec node ${script} "$1" ${inGuest(executable)}\n`))
  const notes = await Notes.of(run.share)
  expect(run.exitCode, JSON.stringify(notes.every('failure')) + run.log).toBe(0)

  const shown = notes.value('shown') as string[]
  expect(shown).toHaveLength(3)
  expect(shown.join('\n')).toContain(`${PLACE}/helper.cjs`)
  expect((notes.value('installed') as string[]).sort()).toEqual([
    `${PLACE} 755 0:0`,
    `${PLACE}/helper 755 0:0`,
    `${PLACE}/helper.cjs 644 0:0`,
    `${POLICY} 644 0:0`,
  ])
  const actions = (notes.value('dialogs') as { action: string }[]).map(({ action }) => action)
  const change = 'org.passthrough-studio.checkout.apply-kernel'
  const undo = 'org.passthrough-studio.checkout.undo'
  const install = 'org.freedesktop.policykit.exec'
  expect(actions).toEqual([install, change, install, undo, install])
  expect(notes.value('left')).toEqual({ files: [], changed: [] })
})
