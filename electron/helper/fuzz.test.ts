import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { HelperAnswer } from '#shared/plan/helper-protocol.ts'
import { linesOf } from './lines.ts'
import { RealSystem } from './real-system.ts'
import { serve } from './serve.ts'

const DATA = 'var/lib/passthrough-studio'
const OWN = Object.values(OWN_FILES).filter((path) => !path.includes('initramfs-tools'))

/** Every file below `root` but the helper's own data: path -> content, mode or link target. */
async function tree(root: string, path = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of await readdir(join(root, path))) {
    const below = path === '' ? name : `${path}/${name}`
    if (below === DATA) continue
    const info = await lstat(join(root, below))
    if (info.isDirectory()) Object.assign(found, { [below]: 'directory' }, await tree(root, below))
    else if (info.isSymbolicLink()) found[below] = 'link'
    else found[below] = `${(info.mode & 0o777).toString(8)} ${await readFile(join(root, below), 'latin1')}`
  }
  return found
}

async function machine(): Promise<string> {
  const root = await temporaryDirectory('fuzz')
  for (const path of ['etc/default/grub.d', 'etc/modules-load.d', 'home/user', 'var/lib', 'run'])
    await mkdir(join(root, path), { recursive: true })
  await writeFile(join(root, 'etc/shadow'), 'secret')
  await writeFile(join(root, 'etc/default/grub'), 'GRUB_CMDLINE_LINUX="quiet"\n')
  await symlink('../home/user', join(root, 'etc/dracut.conf.d'))
  return root
}

const nasty = fc.constantFrom('..', '.', '', '\n', '\0', ' ', '"', "'", '$(id)', '\u00a0', 'é', '-rf', '*')
const hostilePath = fc.oneof(
  fc
    .array(fc.oneof(nasty, fc.constantFrom('etc', 'shadow', 'boot', 'home', 'user', 'var')), { maxLength: 6 })
    .map((parts) => `/${parts.join('/')}`),
  fc.tuple(fc.constantFrom(...OWN), nasty).map(([path, tail]) => `${path}${tail}`),
  fc.tuple(fc.constantFrom(...OWN), nasty).map(([path, inside]) => path.replace('/etc/', `/etc/${inside}/`)),
  fc.string().map((name) => `/var/lib/passthrough-studio/vms/${name}/vm.json`),
)
const path = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...OWN) }, { weight: 3, arbitrary: hostilePath })
const text = fc.oneof(fc.string(), fc.constantFrom('GRUB_CMDLINE_LINUX="a b=\\"c d\\" \'e"\n', '\0\n', 'ours\n'))

const writing = fc.record({
  kind: fc.constant('write-file'),
  path,
  text,
  mode: fc.constantFrom(0o644, 0o755, 0o4755),
  expected: fc.constantFrom(null, 'no hash', 'now'),
})
/** What an honest plan asks for, so that there is something to take back. */
const honest = fc.record({
  kind: fc.constant('write-file'),
  path: fc.constantFrom(...OWN),
  text,
  mode: fc.constant(0o644),
  expected: fc.constant('now'),
})
const regenerating = fc.record({
  kind: fc.constant('update-bootloader'),
  tool: fc.constantFrom('update-grub', 'sh'),
  outputs: fc.array(hostilePath, { maxLength: 2 }),
})
const binding = fc.record({
  kind: fc.constant('bind-driver'),
  address: fc.oneof(fc.string(), fc.constantFrom('0000:01:00.0', '../../../etc:00.0')),
  driver: fc.constantFrom('vfio-pci', '../x'),
  expected: fc.constant({ driver: null, vendorId: '10de', deviceId: '13f1' }),
})
const change = fc.oneof({ weight: 4, arbitrary: honest }, { weight: 4, arbitrary: writing }, regenerating, binding)
interface Asked {
  changes?: unknown[]
  line?: string
}
const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ changes: fc.array(honest, { minLength: 1, maxLength: 1 }) }),
  { weight: 4, arbitrary: fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 4 }) }) },
  fc.record({ line: fc.string().map((line) => line.replaceAll('\n', '')) }),
  fc.record({
    line: fc.constantFrom(
      '{"id":1,"kind":"undo","scope":"last"}',
      '{"id":1,"kind":"undo-step","step":"bind"}',
      '{"id":1,"kind":"undo-step","step":"boot","vm":"designer"}',
      '{"id":1,"kind":"undo-step","step":"definition","vm":"../../etc"}',
      '{"id":1,"kind":"undo-step","step":"definition","vm":null,"path":"/etc/shadow"}',
      '{"id":1,"kind":"launch","vm":"../../etc"}',
      '{"id":1,"kind":"launch","vm":"designer"}',
      '{"id":1,"kind":"apply","plan":null}',
      '[[[[',
    ),
  }),
)

/** The line to send, with `now` replaced by the hash the file has at this moment, as an honest plan would carry it. */
async function lineOf(request: Asked, system: RealSystem): Promise<string> {
  if (request.changes === undefined) return request.line ?? ''
  const changes = await Promise.all(
    request.changes.map(async (each) => {
      const wanted = each as { path?: string; expected?: unknown }
      if (wanted.expected !== 'now') return { change: each, reason: '', before: null }
      const bytes = await system.bytes(wanted.path ?? '').catch(() => null)
      return { change: { ...wanted, expected: bytes === null ? null : system.hash(bytes) }, reason: '', before: null }
    }),
  )
  const plan = { id: 'p', step: 'boot', changes, rebootNeeded: false, risk: 'reversible', confirm: null }
  return JSON.stringify({ id: 1, kind: 'apply', plan })
}

async function ask(root: string, line: string): Promise<HelperAnswer[]> {
  const answers: HelperAnswer[] = []
  const stream = (async function* () {
    yield `${line}\n`
  })()
  await serve(linesOf(stream), new RealSystem(root), 0, (answer) => answers.push(answer))
  return answers.filter((answer) => answer.kind !== 'event')
}

describe('the helper under hostile requests in any order', () => {
  it('touches no file outside its list, answers each line, and undo brings every byte back', async () => {
    let obeyed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 8 }), async (requests) => {
        const root = await machine()
        const before = await tree(root)
        for (const request of requests) {
          const answers = await ask(root, await lineOf(request, new RealSystem(root)))
          expect(answers).toHaveLength(1)
          if (request.changes !== undefined && answers[0]?.kind === 'result') obeyed += 1
        }
        const changed = Object.entries(await tree(root)).filter(([name, state]) => before[name] !== state)
        const touched = changed.filter(([, state]) => state !== 'directory').map(([name]) => `/${name}`)
        expect(touched.filter((name) => !(OWN as string[]).includes(name))).toEqual([])
        const undone = await ask(root, '{"id":2,"kind":"undo","scope":"all"}')
        expect(undone).toEqual([{ id: 2, kind: 'result', notes: [] }])
        expect(await tree(root)).toEqual(before)
      }),
      { numRuns: 150 },
    )
    // The property would be empty if everything were refused.
    expect(obeyed).toBeGreaterThan(0)
  })
})
