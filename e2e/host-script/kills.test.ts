import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { fewAtOnce } from '#host/waiting/few-at-once.ts'
import { FakeHost, OWN, SHELLS } from './fake-host.ts'

const ALL_BACK = { exitCode: 0, said: '' }
const few = fewAtOnce(4)

/** Every stage under the first shell; the others take the same way, and get every fifth. */
async function atEachStage(
  shell: readonly string[],
  stages: number,
  work: (one: FakeHost, stage: number) => Promise<void>,
): Promise<void> {
  const step = shell === SHELLS[0] ? 1 : 5
  const all = Array.from({ length: Math.ceil(stages / step) }, (_, index) => index * step + 1)
  await Promise.all(
    all.map((stage) => few(async () => work(await FakeHost.make(await temporaryDirectory('cards'), shell), stage))),
  )
}

// Hundreds of runs of a script: a limit only against one that hangs.
const LIMIT_MS = 900_000

describe.each(SHELLS.map((shell) => ({ shell })))('host.sh under $shell', { timeout: LIMIT_MS }, ({ shell }) => {
  it('gives all back where it was killed before or after anything that take does', async () => {
    const whole = await FakeHost.make(await temporaryDirectory('cards'), shell)
    await whole.run('take')
    const stages = await whole.ticks()
    expect(stages).toBeGreaterThan(30)
    await atEachStage(shell, stages, async (one, stage) => {
      const before = await one.state()
      expect((await one.run('take', { KILL_AT: String(stage) })).exitCode, `stage ${stage}`).toBeNull()
      expect(await one.run('end'), `stage ${stage}`).toEqual(ALL_BACK)
      expect(await one.state(), `stage ${stage}`).toEqual({ ...before, ...OWN })
    })
  })

  it('gives all back at the second try where the first was killed at any point', async () => {
    const whole = await FakeHost.make(await temporaryDirectory('cards'), shell)
    await whole.run('take')
    await whole.run('end')
    const stages = await whole.ticks()
    expect(stages).toBeGreaterThan(15)
    await atEachStage(shell, stages, async (one, stage) => {
      const before = await one.state()
      await one.run('take')
      expect((await one.run('end', { KILL_AT: String(stage) })).exitCode, `stage ${stage}`).toBeNull()
      expect(await one.run('end'), `stage ${stage}`).toEqual(ALL_BACK)
      expect(await one.state(), `stage ${stage}`).toEqual({ ...before, ...OWN })
    })
  })
})
