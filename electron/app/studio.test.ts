import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { STEP_IDS } from '#shared/wizard/step-id.ts'
import { walkSteps } from './flows/proven.fixture.ts'
import { openSession } from './session/session.ts'
import { FileStore } from './session/state-store.ts'
import { Studio } from './studio.ts'

async function paper(): Promise<{ studio: Studio; host: SimulatedHost }> {
  const session = await openSession('paper', 'unused')
  const studio = new Studio(session)
  await studio.open()
  if (!(session.host instanceof SimulatedHost)) throw new Error('not simulated')
  return { studio, host: session.host }
}

function words(studio: Studio): string[] {
  return studio.current.steps.map((step) => `${step.id}: ${step.verdict.status}`)
}

async function applyStep(studio: Studio, id: (typeof STEP_IDS)[number], typed: string | null = null): Promise<void> {
  await studio.apply(studio.viewOf(id).plan.id, typed)
}

describe('the nine steps on the simulated workstation', () => {
  it('start with what the paper’s host needs', async () => {
    const { studio } = await paper()
    expect(words(studio)).toMatchInlineSnapshot(`
      [
        "platform: needs-work",
        "kernel: needs-work",
        "boot: needs-work",
        "cards: needs-work",
        "bind: needs-work",
        "verify: needs-work",
        "network: ok",
        "definition: needs-work",
        "launch: needs-work",
      ]
    `)
  })

  it('ask for a reboot after step 3, which proves the step', async () => {
    const { studio } = await paper()
    await applyStep(studio, 'boot')
    expect(studio.current.phase).toMatchObject({ kind: 'needs-reboot', step: 'boot', after: 'apply' })
    expect(studio.viewOf('boot').verdict.status).toBe('after-reboot')
    await studio.reboot()
    expect(studio.current.notice).toContain('step 3 is proven')
    expect(studio.viewOf('platform').verdict.status).toBe('ok')
  })

  it('all reach ok after the reboot that proves early binding, the report marked as simulated', async () => {
    const { studio } = await paper()
    await walkSteps(studio)
    const live = (id: string) => (id === 'verify' ? 'after-reboot' : 'ok')
    expect(words(studio)).toEqual(STEP_IDS.map((id) => `${id}: ${live(id)}`))
    expect(studio.current.saved.proofs.guestReport).toMatchObject({
      simulated: true,
      functions: [
        { vendorId: '10de', deviceId: '13f1' },
        { vendorId: '10de', deviceId: '0fbb' },
      ],
    })
    expect(studio.current.vm).toMatchObject({ state: 'running' })
    await studio.shutDownVm()
    await studio.reboot()
    expect(words(studio)).toEqual(STEP_IDS.map((id) => `${id}: ok`))
  })

  it('ask for the card’s address before the only display goes dark', async () => {
    const { studio } = await paper()
    await applyStep(studio, 'kernel')
    await applyStep(studio, 'boot')
    await studio.reboot()
    await expect(applyStep(studio, 'bind', 'yes')).rejects.toThrow('Type 04:00.0')
    expect(studio.viewOf('bind').verdict.status).toBe('needs-work')
  })

  it('are undone to the last byte', async () => {
    const { studio, host } = await paper()
    await walkSteps(studio)
    await studio.shutDownVm()
    expect(host.tree().size).toBeGreaterThan(3)
    expect(await studio.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect([...host.tree().entries()]).toEqual([])
    const gpu = studio.current.facts?.devices.find((device) => device.address === '0000:04:00.0')
    expect(gpu).toMatchObject({ driver: 'nouveau', driverOverride: null })
    expect(studio.current.phase).toMatchObject({ kind: 'needs-reboot', after: 'undo' })
  })

  it('restore the old network unless the new one is confirmed', async () => {
    const { studio, host } = await paper()
    const before = studio.current.facts?.network
    await studio.choose({
      ...studio.current.saved.choices,
      network: { mode: 'new-bridge', bridge: null, seconds: 60, forwards: [] },
    })
    await applyStep(studio, 'network')
    expect(studio.viewOf('network').verdict.status).toBe('ok')
    expect(studio.current.facts?.network).toMatchObject({
      defaultRoute: { link: 'br-vm', ip: 'IPv4' },
      uplink: 'enp0s25',
    })
    await host.network.fire()
    await studio.recheck()
    expect(studio.current.facts?.network).toEqual(before)
    expect([...host.tree()]).toEqual([])
    await expect(studio.confirmNetwork()).rejects.toMatchObject({ problem: { code: 'conflict' } })
    await applyStep(studio, 'network')
    await studio.confirmNetwork()
    await host.network.fire()
    await studio.recheck()
    expect(studio.current.facts?.network).toMatchObject({ defaultRoute: { link: 'br-vm', ip: 'IPv4' }, guard: null })
    await studio.undo({ kind: 'step', step: 'network' })
    expect(studio.current.facts?.network).toEqual(before)
  })

  it('save both of two choices made at the same time', async () => {
    const directory = await temporaryDirectory('studio-choices')
    const store = new FileStore(join(directory, 'studio.json'))
    const studio = new Studio({ ...(await openSession('paper', 'unused')), store })
    await studio.open()
    const { choices } = studio.current.saved
    const bind = { live: false }
    await Promise.all([studio.choose({ ...choices, bind: { live: true } }), studio.choose({ ...choices, bind })])
    expect(studio.current.saved.choices.bind).toEqual(bind)
    expect((await store.load()).saved.choices.bind).toEqual(bind)
  })

  it('refuse a plan that is no longer the current one', async () => {
    const { studio } = await paper()
    const stale = studio.viewOf('boot').plan.id
    await studio.choose({
      ...studio.current.saved.choices,
      boot: { ...studio.current.saved.choices.boot, hostPassthrough: true },
    })
    await expect(studio.apply(stale, null)).rejects.toThrow(ProblemError)
    expect(studio.viewOf('boot').plan.id).not.toBe(stale)
  })

  it('answer conflict and write nothing when someone changed a file since the plan', async () => {
    const { studio, host } = await paper()
    await host.writeAtomic('/etc/default/grub', new TextEncoder().encode('GRUB_CMDLINE_LINUX="theirs"\n'), {
      mode: 0o644,
      uid: 0,
      gid: 0,
    })
    await expect(applyStep(studio, 'boot')).rejects.toMatchObject({ problem: { code: 'conflict' } })
    expect([...host.tree().keys()]).toEqual(['/etc/default/grub'])
  })
})
