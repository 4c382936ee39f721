import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { Executor } from '#helper/executor.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { proven } from './proven.fixture.ts'

const encoder = new TextEncoder()
const FILE = { mode: 0o600, uid: 0, gid: 0 }

const look = (host: SimulatedHost) => factsFrom(host)
const view = async (host: SimulatedHost, id: StepId) => stepView(await look(host), id)
const apply = async (host: SimulatedHost, id: StepId) =>
  new Executor(host, 0, () => undefined).apply((await view(host, id)).plan)

/** The workstation after step 3 and a reboot, ready to bind. */
async function ready(): Promise<SimulatedHost> {
  const host = simulated()
  await apply(host, 'kernel')
  await apply(host, 'boot')
  host.reboot()
  return host
}

/** Somebody else has the images built, by a generator that goes by nothing of ours. */
async function builtByOthers(host: SimulatedHost): Promise<void> {
  for (const path of (await look(host)).boot.images) await host.writeAtomic(path, encoder.encode('by others\n'), FILE)
}

describe('an initramfs that was built without the rule', () => {
  it('by somebody else is no reason to say that the card is bound at each boot', async () => {
    const { studio, host } = await proven()
    expect(studio.viewOf('bind').verdict.status).toBe('ok')
    expect(studio.current.health).toMatchObject({ verdict: { status: 'ok' } })

    await builtByOthers(host)
    await studio.recheck()
    const bind = studio.viewOf('bind')
    expect(bind.findings).toContainEqual(expect.objectContaining({ code: 'bind-rule', status: 'fail' }))
    expect(bind.plan.changes.map(({ change }) => change.kind)).toEqual(['rebuild-initramfs'])
    const next = studio.viewOf('verify').findings.find(({ code }) => code === 'verify-next-boot')
    expect(next).toMatchObject({ status: 'fail', text: expect.stringContaining('does not hold the rule') as string })
    expect(studio.current.health).toMatchObject({ verdict: { status: 'needs-work' }, changes: 1 })
    expect(studio.current.health?.compared.at(-1)).toMatchObject({ same: false, finding: { code: 'drift-image' } })

    await studio.apply(bind.plan.id, null)
    expect(studio.viewOf('bind').verdict.status).toBe('ok')
    expect(studio.current.health?.compared.at(-1)).toMatchObject({ same: true })
  })

  it('by the very tool that step 5 has build it is an error, and leaves nothing behind', async () => {
    const host = await ready()
    const before = [...host.tree()]
    const run = host.run.bind(host)
    host.run = async (tool: Tool, args: readonly string[], how?: ToolRun): Promise<ToolResult> => {
      const result = await run(tool, args, how)
      if (tool === 'dracut') await builtByOthers(host)
      return result
    }
    await expect(apply(host, 'bind')).rejects.toMatchObject({
      problem: { code: 'tool-failed', message: expect.stringContaining('the rule of step 5 is not in it') as string },
    })
    expect([...host.tree()]).toEqual(before)
  })
})
