import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from './guest-bundle.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const dialogs = z.array(z.strictObject({ action: z.string(), message: z.string() }))
const approved = z.looseObject({ exitCode: z.number(), stderr: z.string(), dialogs })
const attempt = z.strictObject({ exitCode: z.number(), asked: z.array(z.string()) })
const brothers = z.strictObject({ dialogs, asked: z.array(z.string()), stdout: z.string() })
/** What pkexec gives when the dialog was closed (pkexec(1)). */
const DISMISSED = 126
const NAME = 'org.passthrough-studio'

test('a password is good for the one request that its dialog names', async () => {
  const script = await bundleGuest('passwords-scenario')
  const run = await runInLab('passwords', `exec node ${script}\n`)
  const notes = await Notes.of(run.share)
  expect(run.exitCode, `${JSON.stringify(notes.value('failure'))}\n${run.log.slice(-5000)}`).toBe(0)

  for (const [words, action, step] of [
    ['apply kernel', 'apply-kernel', 'step 2, Kernel'],
    ['apply boot', 'apply-boot', 'step 3, Boot'],
    ['undo --all', 'undo', 'take back'],
  ] as const)
    await test.step(`"${words}" asks once, and the dialog says for what`, () => {
      const asked = approved.parse(notes.value(words))
      expect(asked.exitCode, asked.stderr).toBe(0)
      expect(asked.dialogs).toEqual([{ action: `${NAME}.${action}`, message: expect.stringContaining(step) }])
    })

  await test.step('another process of the same user is asked again, right after the password was typed', () => {
    for (const [what, action] of [
      ['another process, the same action', 'apply-kernel'],
      ['another process, another action', 'read-closed'],
    ] as const)
      expect(attempt.parse(notes.value(what)), what).toEqual({ exitCode: DISMISSED, asked: [`${NAME}.${action}`] })
  })

  await test.step('and so is one that the approved process itself starts afterwards', () => {
    const { dialogs: first, asked, stdout } = brothers.parse(notes.value('from the same parent'))
    expect(first.map(({ action }) => action)).toEqual([`${NAME}.read-closed`])
    expect(asked).toEqual(['read-closed', 'apply-boot', 'undo', 'reboot'].map((verb) => `${NAME}.${verb}`))
    expect(stdout).toContain('first 0')
    for (const verb of ['read-closed', 'apply-boot', 'undo', 'reboot']) expect(stdout).toContain(`${verb} ${DISMISSED}`)
  })
})
