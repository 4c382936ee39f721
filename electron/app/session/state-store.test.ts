import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runChild } from '#host/child.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { Studio } from '../studio.ts'
import { FRESH_STATE } from './saved-state.ts'
import { openSession } from './session.ts'
import { FileStore } from './state-store.ts'

async function place(): Promise<{ directory: string; path: string }> {
  const directory = await temporaryDirectory('state')
  return { directory, path: join(directory, 'studio.json') }
}

it('Two programs that save 50 times each at once lose nothing of each other’s', async () => {
  const { directory, path } = await place()
  const child = (name: string) => runChild('electron/app/session/writer.child.fixture.ts', [path, name, '50'])
  await Promise.all([child('a'), child('b')])
  const { saved, notice } = await new FileStore(path).load()
  const expected = ['a', 'b'].flatMap((name) => Array.from({ length: 50 }, (_, n) => `${name}-${n + 1}`))
  expect(notice).toBeNull()
  expect(saved.others.map(({ definition }) => definition.name).toSorted()).toEqual(expected.toSorted())
  expect(saved.choices).toMatchObject({ boot: { hostPassthrough: true }, bind: { live: true } })
  expect(await readdir(directory)).toEqual(['studio.json'])
})

it('A lock whose owner was killed is taken over, also when its pid was given again', async () => {
  const { directory, path } = await place()
  const store = new FileStore(path)
  for (const owner of ['999999999 1 x\n', `${process.pid} 1 x\n`]) {
    await writeFile(`${path}.lock`, owner)
    await store.save(FRESH_STATE, { ...FRESH_STATE, pending: { step: 'boot', boot: owner, after: 'apply' } })
    expect((await store.load()).saved.pending?.boot).toBe(owner)
  }
  expect(await readdir(directory)).toEqual(['studio.json'])
})

it.each([
  ['half-written', '{"version": 1, "choi'],
  ['of a newer version', '{"version": 2, "choices": {}}'],
])('A file that is %s is kept, and that choices begin afresh is said', async (_what, text) => {
  const { directory, path } = await place()
  await writeFile(`${path}.unreadable`, 'kept before')
  await writeFile(path, text)
  const { saved, notice } = await new FileStore(path).load()
  expect(saved).toEqual(FRESH_STATE)
  expect(notice).toContain(`It is kept as ${path}.unreadable-1`)
  expect(await readFile(`${path}.unreadable-1`, 'utf8')).toBe(text)
  expect(await readFile(`${path}.unreadable`, 'utf8')).toBe('kept before')
  expect((await readdir(directory)).toSorted()).toEqual(['studio.json.unreadable', 'studio.json.unreadable-1'])
})

it('What a newer version saves while this one runs is not overwritten', async () => {
  const { path } = await place()
  const store = new FileStore(path)
  await store.save(FRESH_STATE, { ...FRESH_STATE, pending: { step: 'boot', boot: 'b', after: 'apply' } })
  await writeFile(path, '{"version": 2}')
  await expect(store.save(FRESH_STATE, { ...FRESH_STATE, pending: null })).rejects.toMatchObject({
    problem: { code: 'conflict' },
  })
  expect(await readFile(path, 'utf8')).toBe('{"version": 2}')
})

/** Two programs on the same file, each with a look at the same host. */
async function two(
  path: string,
): Promise<{ window: Studio; command: Studio; changed: (done: () => boolean) => Promise<void> }> {
  const session = await openSession('paper', 'unused')
  let told: () => void = () => undefined
  const front = { changed: () => told(), progress: () => undefined }
  const window = new Studio({ ...session, store: new FileStore(path) }, front)
  const command = new Studio({ ...session, store: new FileStore(path) })
  await window.open()
  await command.open()
  window.watch()
  onTestFinished(() => window.unwatch())
  const changed = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      told = () => (done() ? resolve() : undefined)
      told()
    })
  return { window, command, changed }
}

it('A window takes in what a command applied, and its next choice keeps it', async () => {
  const { window, command, changed } = await two((await place()).path)
  await command.apply(command.viewOf('boot').plan.id, null)
  await command.addVm('win')
  await changed(() => window.current.phase.kind === 'needs-reboot' && window.current.vms.length === 2)
  expect(window.viewOf('boot').verdict.status).toBe('after-reboot')
  expect(window.current.vms.map(({ name, selected }) => [name, selected])).toEqual([
    ['designer', false],
    ['win', true],
  ])
  await window.choose({ ...window.current.saved.choices, bind: { live: false } })
  const { saved } = await command.session.store.load()
  expect(saved).toMatchObject({ pending: { step: 'boot' }, choices: { bind: { live: false } } })
  expect(saved.others.map(({ definition }) => definition.name)).toEqual(['designer'])
})

it('A choice made before a window heard of a command’s keeps what the command saved', async () => {
  const { path } = await place()
  const { window, command } = await two(path)
  window.unwatch()
  await command.apply(command.viewOf('boot').plan.id, null)
  await command.addVm('win')
  await window.choose({ ...window.current.saved.choices, bind: { live: false } })
  const { saved } = await new FileStore(path).load()
  expect(saved).toMatchObject({ pending: { step: 'boot' }, choices: { bind: { live: false } } })
  expect(window.selectedVm()).toBe('win')
})

it('A file that becomes unreadable while a window is open is told there', async () => {
  const { path } = await place()
  const { window, command, changed } = await two(path)
  await command.addVm('win')
  await changed(() => window.selectedVm() === 'win')
  await writeFile(`${path}.other`, '{"version": 2}')
  await rename(`${path}.other`, path)
  await changed(() => window.current.notice?.includes('cannot read it') === true)
  expect(window.selectedVm()).toBe('win')
})
