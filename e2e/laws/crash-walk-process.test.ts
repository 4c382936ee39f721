import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid, kill } from 'node:process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ending, OwnHost } from '#helper/ending/own-host.fixture.ts'
import { ownWrite } from '#helper/own-write.fixture.ts'
import { RealSystem } from '#helper/real-system.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Change } from '#shared/plan/change.ts'

const asRoot = getuid?.() === 0
/** The n-th run of this tool ends when it is let; what it has started hangs, and holds its outputs. */
const LEAVES_ONE_HANGING =
  'echo run >> /run/begun; n=$(wc -l < /run/begun); sleep 1000 & echo $! >> /run/hanging; while [ ! -e /run/let-$n ]; do sleep 0.1; done'
const LOAD: Change = { kind: 'load-module', module: 'vfio-pci' }
const RUNS = [1, 2]

/** The very helper in the middle of its n-th run of that tool, on a host of its own. */
async function inRun(run: number) {
  const own = await OwnHost.make()
  await own.tool('modprobe', LEAVES_ONE_HANGING)
  onTestFinished(async () => {
    for (const one of RUNS) await own.put(`/run/let-${one}`, '')
    for (const pid of await hanging(own)) kill(pid, 'SIGKILL')
  })
  const before = await bytesBelow(join(own.root, 'etc'))
  const file = await ownWrite(new RealSystem('/nonexistent'), { of: 'fixed', text: 'modules-load' })
  if (file === null) throw new Error('no text for this file')
  const helper = own.apply('kernel', [file, ...RUNS.map(() => LOAD)])
  for (const earlier of RUNS.filter((one) => one < run)) await own.put(`/run/let-${earlier}`, '')
  await expect.poll(() => own.text('/run/hanging'), { timeout: 60_000 }).toMatch(new RegExp(`^(\\d+\\n){${run}}$`, 'u'))
  expect(await own.text(OWN_FILES.modulesLoad)).not.toBeNull()
  return { own, helper, before }
}

/** Every file with its mode and bytes. */
async function bytesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = found.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Promise.all(
    paths.map(async (path) => {
      const { mode } = await stat(path)
      const bytes = (await stat(path)).isFile() ? await readFile(path, 'base64') : ''
      return `${path} ${mode.toString(8)} ${bytes}`
    }),
  )
}

/** Processes that the tool has started. */
async function hanging(own: OwnHost): Promise<number[]> {
  return ((await own.text('/run/hanging')) ?? '').trim().split('\n').map(Number)
}

/** How many they are. Throws where one of them is gone (kill(2)). */
async function stillHanging(own: OwnHost): Promise<number> {
  const pids = await hanging(own)
  for (const pid of pids) kill(pid, 0)
  return pids.length
}

describe.runIf(asRoot)('a helper whose tool has started something that hangs', () => {
  it.each(RUNS)('and that is told to end in run %i of it, loses no byte', async (run) => {
    const { own, helper, before } = await inRun(run)
    helper.kill('SIGTERM')
    await own.put(`/run/let-${run}`, '')
    const { said } = await ending(helper)
    if (run < RUNS.length) expect(said).toMatchObject([{ problem: { code: 'interrupted' } }])
    else {
      expect(said).toEqual([{ id: 1, kind: 'result', notes: [] }])
      await ending(own.ask('undo', { kind: 'undo', scope: 'all' }))
    }
    expect(await bytesBelow(join(own.root, 'etc'))).toEqual(before)
    expect(await stillHanging(own)).toBe(run)
  })

  it('and that is killed then, is followed by one that takes everything back while it hangs', async () => {
    const { own, helper, before } = await inRun(1)
    helper.kill('SIGKILL')
    expect((await ending(helper)).code).toBeNull()
    const { said } = await ending(own.ask('undo', { kind: 'undo', scope: 'all' }))
    expect(said).toEqual([{ id: 1, kind: 'undone', notes: [], left: [] }])
    expect(await bytesBelow(join(own.root, 'etc'))).toEqual(before)
    expect(await stillHanging(own)).toBe(1)
  })
})
