import { expect, it } from 'vitest'
import { RootReads } from '#host/real/root-reads.ts'
import type { Privilege } from './privilege.ts'
import { ProcessHelper } from './process-helper.ts'

/** A helper of a shell: reads the requests, and does what the script says. */
function helperOf(script: string): ProcessHelper {
  const command = { tool: 'direct' as const, path: '/bin/sh', args: ['-c', `cat >/dev/null; ${script}`] }
  const access = { command, refusal: null, text: '', wayOn: 'none' as const }
  const privilege: Privilege = { access, renew: () => Promise.resolve(false) }
  return new ProcessHelper(privilege, new RootReads())
}

const RESULT = `echo '{"id":0,"kind":"result","notes":["done"]}'`

it('a helper that has answered is not waited for, however long it stays', async () => {
  expect(await helperOf(`${RESULT}; exec sleep 20`).launch('designer')).toEqual(['done'])
  const stuck = `echo '{"id":0,"kind":"problem","problem":{"code":"reboot-needed","message":"stuck","detail":null,"hint":null}}'`
  await expect(helperOf(`${stuck}; exec sleep 20`).launch('designer')).rejects.toMatchObject({
    problem: { code: 'reboot-needed' },
  })
})

it('a helper that ended without an answer is told with its words', async () => {
  await expect(helperOf('sleep 20 & echo no memory >&2; exit 3').launch('designer')).rejects.toMatchObject({
    problem: { code: 'no-helper', message: 'The helper ended before it was done (exit code 3: no memory).' },
  })
})

it('all that a helper says is heard in order, also what it says at once', async () => {
  const lines: string[] = []
  const event = `{"id":0,"kind":"event","event":{"kind":"log","line":"%s"}}\\n`
  const helper = helperOf(`for i in $(seq 2000); do printf '${event}' "$i"; done; ${RESULT}`)
  const { notes } = await helper.undo({ kind: 'all' }, (one) => lines.push(one.kind === 'log' ? one.line : one.kind))
  expect(lines).toEqual(Array.from({ length: 2000 }, (_, index) => String(index + 1)))
  expect(notes).toEqual(['done'])
})
