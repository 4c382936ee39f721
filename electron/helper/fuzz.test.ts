import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { ADDED_ARGS } from '#shared/facts/kernel-args.ts'
import type { HelperAnswer } from '#shared/plan/helper-protocol.ts'
import type { FixedText, Recipe } from '#shared/plan/recipe.ts'
import { askedFor } from './asked.fixture.ts'
import { linesOf } from './lines.ts'
import { ownWrite } from './own-write.fixture.ts'
import { RealSystem } from './real-system.ts'
import { serve } from './serve.ts'

const DATA = 'var/lib/passthrough-studio'
const OWN = Object.values(OWN_FILES)
/** What somebody would have root run. */
const FORGERIES = ['\nid > /tmp/owned\n', '$(id)', '`id`', ' init=/bin/sh']

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
const text = fc.oneof(fc.string(), fc.constantFrom('\0\n', 'ours\n', ...FORGERIES))

const writing = fc.record({
  kind: fc.constant('write-file'),
  path,
  text,
  mode: fc.constantFrom(0o644, 0o755, 0o4755),
  expected: fc.constantFrom(null, 'no hash'),
})
/** What an honest plan asks for, so that there is something to take back. */
const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  fc
    .constantFrom<FixedText>('dracut-modules', 'mkinitcpio-modules', 'initramfs-hook')
    .map((of): Recipe => ({ of: 'fixed', text: of })),
  fc.subarray([...ADDED_ARGS]).map((args): Recipe => ({ of: 'grub-drop-in', args })),
  fc.subarray([...ADDED_ARGS]).map((args): Recipe => ({ of: 'grub-defaults', variable: 'GRUB_CMDLINE_LINUX', args })),
)
const honest = fc.record({ recipe })
/** The same with something put into the text, or at another path. */
const forged = fc.record({ recipe, text: fc.constantFrom(...FORGERIES), path: fc.option(fc.constantFrom(...OWN)) })
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
const change = fc.oneof(
  { weight: 4, arbitrary: honest },
  { weight: 2, arbitrary: forged },
  { weight: 2, arbitrary: writing },
  regenerating,
  binding,
)
interface Asked {
  changes?: object[]
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

/** The line to send. A recipe becomes the change it stands for at this moment, as a plan would carry it. */
async function lineOf(request: Asked, system: RealSystem): Promise<string> {
  if (request.changes === undefined) return request.line ?? ''
  const changes = await Promise.all(
    request.changes.map(async (each) => ({ change: await changeOf(each, system), reason: '', before: null })),
  )
  const plan = { id: 'p', step: 'boot', changes, rebootNeeded: false, risk: 'reversible', confirm: null }
  return JSON.stringify({ id: 1, kind: 'apply', plan })
}

async function changeOf(each: object, system: RealSystem): Promise<unknown> {
  if (!('recipe' in each)) return each
  const { recipe: of, text = '', path: at = null } = each as { recipe: Recipe; text?: string; path?: string | null }
  const made = await ownWrite(system, of).catch(() => null)
  return made === null ? each : { ...made, text: made.text + text, path: at ?? made.path }
}

async function ask(root: string, line: string): Promise<HelperAnswer[]> {
  const answers: HelperAnswer[] = []
  const stream = (async function* () {
    yield `${line}\n`
  })()
  await serve(linesOf(stream), new RealSystem(root), askedFor(line), (answer) => answers.push(answer))
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
        expect(changed.filter(([, state]) => FORGERIES.some((forgery) => state.includes(forgery)))).toEqual([])
        const undone = await ask(root, '{"id":2,"kind":"undo","scope":"all"}')
        expect(undone).toEqual([{ id: 2, kind: 'undone', notes: [], left: [] }])
        expect(await tree(root)).toEqual(before)
      }),
      { numRuns: 150 },
    )
    // The property would be empty if everything were refused.
    expect(obeyed).toBeGreaterThan(0)
  })
})
