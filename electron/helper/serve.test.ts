import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { HELPER_VERBS, type HelperAnswer } from '#shared/plan/helper-protocol.ts'
import { askedFor } from './asked.fixture.ts'
import { linesOf } from './lines.ts'
import { ownWrite } from './own-write.fixture.ts'
import { RealSystem } from './real-system.ts'
import { type Asked, serve } from './serve.ts'

/** Real files in a directory of their own; the helper's root is given by its caller, never by the environment. */
async function machine(): Promise<{ root: string; ask: (...lines: string[]) => Promise<HelperAnswer[]> }> {
  const root = await temporaryDirectory('helper')
  for (const path of ['etc/default/grub.d', 'etc/modules-load.d', 'var/lib', 'run'])
    await mkdir(join(root, path), { recursive: true })
  const ask = (...lines: string[]) => served(root, lines.join('\n'), askedFor(lines[0] ?? ''))
  return { root, ask }
}

/** What a helper answers that was started for `asked` and is sent these lines. */
async function served(root: string, lines: string, asked: Asked): Promise<HelperAnswer[]> {
  const answers: HelperAnswer[] = []
  const stream = (async function* () {
    yield `${lines}\n`
  })()
  await serve(linesOf(stream), new RealSystem(root), asked, (answer) => answers.push(answer))
  return answers.filter((answer) => answer.kind !== 'event')
}

const OWN = '/etc/modules-load.d/passthrough-studio.conf'

/** A plan of step 2 that writes its one file, at `path`. */
async function writing(path = OWN): Promise<string> {
  const change = await ownWrite(new RealSystem('/nonexistent'), { of: 'fixed', text: 'modules-load' })
  const plan = {
    id: 'p',
    step: 'kernel',
    changes: [{ change: { ...change, path }, reason: '', before: null }],
    rebootNeeded: false,
    risk: 'reversible',
    confirm: null,
  }
  return JSON.stringify({ id: 1, kind: 'apply', plan })
}

describe('the helper over standard input and output', () => {
  it('writes one of its own files and undoes that', async () => {
    const { root, ask } = await machine()
    expect(await ask(await writing())).toEqual([{ id: 1, kind: 'result', notes: [] }])
    expect(await readFile(join(root, OWN), 'utf8')).toContain('\nvfio-pci\n')
    expect(await ask('{"id":2,"kind":"undo","scope":"all"}')).toEqual([{ id: 2, kind: 'undone', notes: [], left: [] }])
    expect(await readdir(join(root, 'etc/modules-load.d'))).toEqual([])
  })

  it.each([
    '/etc/shadow',
    '/etc/modules-load.d/../shadow',
    '/etc/default/grub.d/90-passthrough-studio.cfg/',
    '/var/lib/passthrough-studio/vms/../../../etc/x/vm.json',
    '/var/lib/passthrough-studio/vms/UP/vm.json',
    '/etc/modules-load.d/passthrough-studio.conf\n',
    'etc/modules-load.d/passthrough-studio.conf',
  ])('never writes to the path %j', async (path) => {
    const { ask } = await machine()
    const [answer] = await ask(await writing(path))
    expect(answer).toMatchObject({
      kind: 'problem',
      problem: { code: expect.stringMatching(/^(refused|protocol)$/u) as string },
    })
  })

  it('does not follow a symbolic link out of its list', async () => {
    const { root, ask } = await machine()
    await writeFile(join(root, 'etc/victim'), 'theirs')
    await symlink(join(root, 'etc/victim'), join(root, OWN))
    const [answer] = await ask(await writing())
    expect(answer).toMatchObject({ kind: 'problem', problem: { code: 'refused' } })
    expect(await readFile(join(root, 'etc/victim'), 'utf8')).toBe('theirs')
  })

  it('answers conflict for a file that is not as the plan saw it', async () => {
    const { root, ask } = await machine()
    await writeFile(join(root, OWN), 'theirs')
    expect(await ask(await writing())).toMatchObject([{ kind: 'problem', problem: { code: 'conflict' } }])
    expect(await readFile(join(root, OWN), 'utf8')).toBe('theirs')
  })

  it('removes only its own lines from a file that somebody else edited since', async () => {
    const { root, ask } = await machine()
    await ask(await writing())
    await writeFile(join(root, OWN), `${await readFile(join(root, OWN), 'utf8')}theirs\n`)
    const [answer] = await ask('{"id":2,"kind":"undo","scope":"all"}')
    expect(answer).toMatchObject({ kind: 'undone', notes: [expect.stringContaining('changed by someone else')] })
    expect(await readFile(join(root, OWN), 'utf8')).toBe('theirs\n')
  })

  it('answers a line that is no request, and obeys nothing behind it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string().map((noise) => noise.replaceAll('\n', '')),
        async (noise) => {
          const { root, ask } = await machine()
          const answers = await ask(noise, await writing())
          expect(answers).toMatchObject([{ id: -1, kind: 'problem', problem: { code: 'protocol' } }])
          expect(await readdir(join(root, 'etc/modules-load.d'))).toEqual([])
        },
      ),
      { numRuns: 50 },
    )
  })

  it('drops a line that never ends instead of filling the memory', async () => {
    const { ask } = await machine()
    const answers = await ask(`"${'x'.repeat(3_000_000)}"`)
    expect(answers).toMatchObject([{ kind: 'problem', problem: { code: 'protocol' } }])
  })
})

describe('one password', () => {
  const undo = '{"id":2,"kind":"undo","scope":"all"}'

  it('is good for one request', async () => {
    const { root, ask } = await machine()
    expect(await ask(await writing(), undo, undo)).toEqual([{ id: 1, kind: 'result', notes: [] }])
    expect(await readdir(join(root, 'etc/modules-load.d'))).toEqual(['passthrough-studio.conf'])
  })

  it('is good for what it was asked for only, and for one step', async () => {
    const { root } = await machine()
    const plan = await writing()
    for (const verb of [...HELPER_VERBS, '', '--rollback'].filter((one) => one !== 'apply-kernel')) {
      const answers = await served(root, plan, { caller: 0, verb })
      expect(answers, verb).toMatchObject([{ kind: 'problem', problem: { code: 'refused' } }])
    }
    expect(await readdir(join(root, 'etc/modules-load.d'))).toEqual([])
    expect(await served(root, undo, { caller: 0, verb: 'launch' })).toMatchObject([{ kind: 'problem' }])
  })

  it('reads the boot menu of after a change for a user, and none before it is refused', async () => {
    const { root } = await machine()
    const asked = { caller: 1000, verb: 'apply-kernel' }
    expect(kinds(await served(root, await writing(), asked))).toEqual(['opened', 'result'])
    expect(kinds(await served(root, await writing(), asked))).toEqual(['opened', 'problem'])
    expect(kinds(await served(root, await writing(), { ...asked, verb: 'launch' }))).toEqual(['problem'])
  })
})

function kinds(answers: readonly HelperAnswer[]): string[] {
  return answers.map(({ kind }) => kind)
}
