import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { STEPS } from '#core/steps/index.ts'
import { changingStep, HELPER_VERBS } from '#shared/plan/helper-protocol.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'
import { PACKAGED_HELPER } from './installed-helper.ts'

const POLICY = join(import.meta.dirname, '../../../assets/linux/org.passthrough-studio.policy')
const EXEC = 'org.freedesktop.policykit.exec'

interface Action {
  id: string
  message: string
  allow: (string | undefined)[]
  path: string | undefined
  argv1: string | undefined
}

async function actions(): Promise<Action[]> {
  const text = await readFile(POLICY, 'utf8')
  return text.split('<action ').slice(1).map(parsed)
}

function parsed(text: string): Action {
  const inside = (pattern: string) => new RegExp(pattern, 'u').exec(text)?.[1]
  return {
    id: inside('^id="([^"]+)"') ?? '',
    message: inside('<message>([^<]+)</message>') ?? '',
    allow: ['any', 'inactive', 'active'].map((who) => inside(`<allow_${who}>([^<]+)</allow_${who}>`)),
    path: inside(`<annotate key="${EXEC}.path">([^<]+)</annotate>`),
    argv1: inside(`<annotate key="${EXEC}.argv1">([^<]+)</annotate>`),
  }
}

describe('the actions polkit asks a password for', () => {
  it('are one for each thing the helper can be started for, and no other', async () => {
    const found = await actions()
    expect(found.map(({ argv1 }) => argv1)).toEqual([...HELPER_VERBS])
    for (const { id, path, argv1 } of found) {
      expect(id).toBe(`org.passthrough-studio.${argv1 ?? ''}`)
      expect(path).toBe(PACKAGED_HELPER)
    }
  })

  it('ask each time, by everybody, but for starting a VM a second time', async () => {
    for (const { argv1, allow } of await actions()) {
      const active = argv1 === 'launch' ? 'auth_admin_keep' : 'auth_admin'
      expect(allow, argv1).toEqual(['auth_admin', 'auth_admin', active])
    }
  })

  it('name the step in the words of the window, and no two say the same', async () => {
    const found = await actions()
    for (const { id, title } of STEPS) {
      const action = found.find(({ argv1 }) => argv1 === `apply-${id}`)
      expect(action === undefined, id).toBe(changingStep(id) === null)
      if (action !== undefined) expect(action.message).toContain(`step ${stepNumber(id)}, ${title}`)
    }
    expect(new Set(found.map(({ message }) => message)).size).toBe(found.length)
    for (const { message } of found) expect(message).toMatch(/^Passthrough Studio wants to /u)
  })
})
