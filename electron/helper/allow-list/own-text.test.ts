import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sourceOf } from '#core/texts/own-text.ts'
import { SAMPLES, SOURCES } from '#core/texts/samples.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { HelperAnswer } from '#shared/plan/helper-protocol.ts'
import { type Recipe, recipe } from '#shared/plan/recipe.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { askedFor } from '../asked.fixture.ts'
import { recorded } from '../journal/recorded.ts'
import { linesOf } from '../lines.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { serve } from '../serve.ts'
import { assertOwnText } from './own-text.ts'

type Write = ChangeOf<'write-file'>

/** A host with all that recipes start from, as real files. */
async function machine(): Promise<{ root: string; system: RealSystem }> {
  const root = await temporaryDirectory('own-text')
  await mkdir(join(root, 'var/lib'), { recursive: true })
  for (const [path, text] of Object.entries(SOURCES)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return { root, system: new RealSystem(root) }
}

async function honest(system: RealSystem, wanted: Recipe): Promise<Write> {
  const change = await ownWrite(system, wanted)
  if (change === null) throw new RangeError(wanted.of)
  return change
}

async function all(system: RealSystem): Promise<Write[]> {
  return Promise.all(SAMPLES.map((wanted) => honest(system, wanted)))
}

/** As the journal keeps it, and as an older app would send it. */
function withoutRecipe(change: Write): Write {
  const kept = recorded(change)
  if (kept.kind !== 'write-file') throw new RangeError(kept.kind)
  return kept
}

async function isRefused(system: RealSystem, change: Write): Promise<boolean> {
  return assertOwnText(system, change).then(
    () => false,
    (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === 'refused',
  )
}

describe('texts that root writes', () => {
  it('are sampled here for every own file and every recipe', async () => {
    const { system } = await machine()
    const paths = (await all(system)).map((change) => change.path)
    expect(Object.values(OWN_FILES).filter((path) => !paths.includes(path))).toEqual([])
    const kinds = recipe.options.map((option) => option.shape.of.value)
    expect(kinds.filter((kind) => !SAMPLES.some(({ of }) => of === kind))).toEqual([])
  })

  it('are written as this program makes them', async () => {
    const { system } = await machine()
    for (const change of await all(system)) await assertOwnText(system, change)
  })

  it('are refused with any byte changed, added or removed', async () => {
    const { system } = await machine()
    const changes = await all(system)
    const edit = fc.record({
      at: fc.nat(),
      out: fc.integer({ min: 0, max: 9 }),
      into: fc.oneof(
        fc.string({ maxLength: 9 }),
        fc.constantFrom('\nid\n', '$(id)', '`id`', ' init=/bin/sh', '\n\tup id'),
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...changes), edit, async (change, { at, out, into }) => {
        const place = at % (change.text.length + 1)
        const text = `${change.text.slice(0, place)}${into}${change.text.slice(place + out)}`
        fc.pre(text !== change.text)
        expect(await isRefused(system, { ...change, text })).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('are refused with another text, path or mode, or without a recipe', async () => {
    const { system } = await machine()
    const changes = await all(system)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...changes),
        fc.constantFrom(...changes),
        fc.string(),
        async (one, other, text) => {
          fc.pre(one.text !== other.text)
          const modes = ([0o600, 0o644, 0o755] as const).filter((mode) => mode !== one.mode)
          const forged: Write[] = [
            { ...one, text },
            { ...one, path: other.path },
            { ...one, text: other.text },
            { ...one, recipe: other.recipe },
            withoutRecipe(one),
            ...modes.map((mode) => ({ ...one, mode })),
          ]
          for (const change of forged) expect(await isRefused(system, change)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('the source of a copy or an edit', () => {
  it('is what lies on the host, not what the caller says', async () => {
    const { root, system } = await machine()
    const changes = await all(system)
    for (const [path, text] of Object.entries(SOURCES)) {
      await writeFile(join(root, path), `${text}# another day\n[Later]\noptions later\n    address 192.0.2.9\n}\n`)
      const based = changes.filter(({ recipe: made }) => made !== undefined && sourceOf(made) === path)
      // GRUB's menu still holds the entry that was copied.
      for (const change of based.filter(({ recipe: made }) => made?.of !== 'grub-rescue'))
        expect([change.path, await isRefused(system, change)]).toEqual([change.path, true])
      await writeFile(join(root, path), text)
    }
  })

  it('is a whole entry of GRUB’s menu', async () => {
    const { system } = await machine()
    const rescue = SAMPLES.find(({ of }) => of === 'grub-rescue')
    if (rescue?.of !== 'grub-rescue') throw new RangeError('grub-rescue')
    for (const entry of [
      rescue.entry.replace('root=', 'init=/bin/sh root='),
      rescue.entry.split('\n').slice(0, -1).join('\n'),
      rescue.entry.split('\n').slice(1).join('\n'),
      `set timeout=5\n${rescue.entry}`,
    ])
      expect(await ownWrite(system, { ...rescue, entry })).toBeNull()
  })

  it('is /etc/kernel/cmdline where that exists, not the arguments that run now', async () => {
    const { system } = await machine()
    const from = '/boot/loader/entries/debian-6.1.conf'
    const change = await honest(system, { of: 'kernel-cmdline', from, args: ['iommu=pt'] })
    expect(await isRefused(system, change)).toBe(true)
    expect(await isRefused(system, { ...change, expected: null })).toBe(false)
  })
})

describe('parameters of a recipe', () => {
  const line = fc.constantFrom('\n', '\r', '\u2028', '\0', '\nExecStart=/bin/id')

  it('never start a second line', () => {
    fc.assert(
      fc.property(line, (end) => {
        for (const bad of [
          { of: 'nm-port', bridge: `br${end}`, uplink: 'eth0' },
          { of: 'networkd-netdev', bridge: 'br', mac: `52:54:00:12:34:56${end}` },
          { of: 'init-top', functions: [{ address: `0000:01:00.0${end}`, vendorId: '10de', deviceId: '13f1' }] },
          { of: 'early-script', functions: [{ address: '0000:01:00.0', vendorId: `10de${end}`, deviceId: '13f1' }] },
          { of: 'loader-rescue', source: '/boot/loader/entries/a.conf', title: `A${end}` },
          { of: 'grub-drop-in', args: [`iommu=pt${end}`] },
          vmOf((user) => ({ ...user, name: `designer${end}` })),
        ])
          expect(recipe.safeParse(bad).success).toBe(false)
      }),
    )
  })

  it.each([
    { of: 'grub-drop-in', args: ['init=/bin/sh'] },
    { of: 'loader-entry', path: '/boot/loader/entries/../../etc/passwd.conf', args: [] },
    { of: 'networkd-bridge', bridge: 'br', source: '/home/user/10-lan.network' },
    { of: 'interfaces-bridge', bridge: 'br', uplink: 'e', mac: '52:54:00:12:34:56', source: '/home/user/interfaces' },
    { of: 'kernel-cmdline', from: '/home/user/cmdline', args: [] },
    { of: 'grub-rescue', menu: '/home/user/grub.cfg', title: '', entry: '' },
  ])('are refused outside their closed list: %j', (bad) => expect(recipe.safeParse(bad).success).toBe(false))
})

/** The sampled VM with another user. */
function vmOf(change: (user: VmDefinition['user']) => VmDefinition['user']): Recipe {
  const sample = SAMPLES.find(({ of }) => of === 'vm-definition')
  if (sample?.of !== 'vm-definition') throw new RangeError('vm-definition')
  return { ...sample, definition: { ...sample.definition, user: change(sample.definition.user) } }
}

describe('an app under hostile control', () => {
  it('has no hook run by root, and writes nothing', async () => {
    const { root, system } = await machine()
    const before = await readdir(join(root, 'etc'), { recursive: true })
    const hook = await honest(system, { of: 'fixed', text: 'initramfs-hook' })
    const text = `${hook.text}id > /tmp/owned\n`
    const rebuild = { kind: 'rebuild-initramfs', tool: 'update-initramfs', outputs: [] }
    for (const forged of [
      { ...hook, text },
      recorded({ ...hook, text }),
      { ...hook, path: OWN_FILES.grubRescue },
      { ...hook, mode: 0o644 },
    ]) {
      const changes = [forged, rebuild].map((change) => ({ change, reason: '', before: null }))
      const plan = { id: 'p', step: 'boot', changes, rebootNeeded: false, risk: 'none', confirm: null }
      expect(await ask(root, { id: 1, kind: 'apply', plan })).toMatchObject([
        { kind: 'problem', problem: { code: 'refused' } },
      ])
      expect(await readdir(join(root, 'etc'), { recursive: true })).toEqual(before)
      expect(await system.read('/var/lib/passthrough-studio/journal.jsonl')).toEqual({ kind: 'absent' })
    }
  })

  it('makes no change of one step in the name of another', async () => {
    const { root, system } = await machine()
    const hook = await honest(system, { of: 'fixed', text: 'initramfs-hook' })
    const changes = [{ change: hook, reason: '', before: null }]
    for (const step of ['kernel', 'bind', 'network', 'definition', 'launch', 'verify']) {
      const plan = { id: 'p', step, changes, rebootNeeded: false, risk: 'none', confirm: null }
      expect(await ask(root, { id: 1, kind: 'apply', plan })).toMatchObject([
        { kind: 'problem', problem: { code: 'refused' } },
      ])
    }
  })
})

async function ask(root: string, request: unknown): Promise<HelperAnswer[]> {
  const answers: HelperAnswer[] = []
  const line = JSON.stringify(request)
  const stream = (async function* () {
    yield `${line}\n`
  })()
  await serve(linesOf(stream), new RealSystem(root), askedFor(line), (answer) => answers.push(answer))
  return answers.filter((answer) => answer.kind !== 'event')
}
