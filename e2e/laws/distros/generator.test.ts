import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { nextDrivers } from '#core/boot/next-driver.ts'
import { healthOf } from '#core/health/health.ts'
import { situation } from '#core/situation.fixture.ts'
import { archGrub } from '#e2e/hosts/distros/arch.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub, popOs, proxmoxGrub } from '#e2e/hosts/distros/debian.ts'
import { Executor } from '#helper/executor.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { Chosen } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

interface Running {
  host: SimulatedHost
  recording: Recording
}

const executor = ({ host }: Running) => new Executor(host, 0, () => undefined)

async function view({ host }: Running, id: StepId, chosen: Chosen = {}): Promise<StepView> {
  return stepView(await factsFrom(host), id, chosen)
}

async function apply(running: Running, id: StepId): Promise<void> {
  await executor(running).apply((await view(running, id)).plan)
}

/** A host on which the card is bound at each boot, by the generator it has. */
async function bound(distro: Distro): Promise<Running> {
  const recording = recordingOf(machineOf(distro))
  const running = { recording, host: new SimulatedHost(recording) }
  for (const id of ['kernel', 'boot'] as const) await apply(running, id)
  running.host.reboot()
  await apply(running, 'bind')
  return running
}

/** What an upgrade of the distribution does: dracut comes, and builds the images; with `gone` the other one leaves. */
async function bringDracut({ recording, host }: Running, gone = true): Promise<void> {
  recording.dirs['/etc/dracut.conf.d'] = []
  recording.tools['dracut'] = true
  if (gone) {
    delete recording.dirs['/usr/share/initramfs-tools']
    recording.tools['mkinitcpio'] = false
    recording.tools['update-initramfs'] = false
  }
  await host.run('dracut', ['-f', '--regenerate-all'])
}

async function drift({ host }: Running, chosen: Chosen = {}) {
  const { compared } = healthOf(situation(await factsFrom(host), chosen), [])
  const ours = compared.filter(({ finding }) => finding.code === 'drift-generator')
  return ours.map(({ finding, was, is }) => ({ ...finding, was, is }))
}

const sorted = (tree: Map<string, string | null>) => [...tree].sort(([a], [b]) => a.localeCompare(b))

const BEFORE = [
  [debianGrub, 'initramfs-tools'],
  [popOs, 'initramfs-tools'],
  [proxmoxGrub, 'initramfs-tools'],
  [archGrub, 'mkinitcpio'],
] as const

describe('a host whose distribution changes to dracut', () => {
  it.each(BEFORE.map(([distro, former]) => ({ name: distro.name, distro, former })))(
    'is told so, healed by steps 3 and 5, and gets every byte back: $name',
    async ({ distro, former }) => {
      const running = await bound(distro)
      expect(await drift(running)).toEqual([])
      await bringDracut(running)
      const changed = sorted(running.host.tree())
      const text = `The rule of step 5 was written for ${former}; this host now builds its initramfs with dracut.`
      expect(await drift(running)).toMatchObject([
        { status: 'fail', text, fix: { step: 'bind' }, was: former, is: 'dracut' },
      ])
      expect((await view(running, 'bind')).findings).toContainEqual(
        expect.objectContaining({ code: 'bind-rule', status: 'fail', text }),
      )

      for (const id of ['boot', 'bind'] as const) await apply(running, id)
      expect(await drift(running)).toEqual([])
      const bind = await view(running, 'bind')
      expect([bind.verdict.status, bind.plan.changes]).toEqual(['ok', []])
      running.host.reboot()
      const next = (await view(running, 'verify')).findings.find(({ code }) => code === 'verify-next-boot')
      expect(next).toMatchObject({ status: 'pass' })

      for (let steps = 0; steps < 2; steps += 1) await executor(running).undo({ kind: 'last' })
      expect(sorted(running.host.tree())).toEqual(changed)
      await executor(running).undo({ kind: 'all' })
      expect([...running.host.tree().keys()]).toEqual([])
    },
  )

  it.each([
    ['boot', 'bind'],
    ['bind', 'boot'],
  ] as const)('is healed by steps in either order: %s, %s', async (...order) => {
    const running = await bound(debianGrub)
    await bringDracut(running)
    const [first, second] = order
    await apply(running, first)
    expect(await drift(running)).toMatchObject([{ status: 'fail', fix: { step: second } }])
    await apply(running, second)
    expect(await drift(running)).toEqual([])
    const { files } = await factsFrom(running.host)
    expect([files[OWN_FILES.initramfsHook], files[OWN_FILES.initramfsInitTop]]).toEqual([null, null])
    running.host.reboot()
    expect((await view(running, 'bind')).verdict.status).toBe('ok')
  })

  it('has the host’s own driver at the next boot, and that is foretold', async () => {
    const running = await bound(debianGrub)
    await bringDracut(running)
    const card = (facts: Facts) => facts.devices.find(({ address }) => address === '0000:04:00.0')
    const before = await factsFrom(running.host)
    const now = card(before)
    if (now === undefined) throw new Error('no card')
    expect(nextDrivers(situation(before))(now).driver).toBe('nouveau')
    running.host.reboot()
    expect(card(await factsFrom(running.host))?.driver).toBe('nouveau')
  })
})

describe('a host with two generators', () => {
  it('is told in Health where none was chosen, and nothing is guessed', async () => {
    const running = await bound(debianGrub)
    await bringDracut(running, false)
    expect(await drift(running)).toMatchObject([
      { status: 'warn', is: 'initramfs-tools or dracut', fix: { step: 'boot' } },
    ])
    const planned = [...(await view(running, 'boot')).plan.changes, ...(await view(running, 'bind')).plan.changes]
    expect(planned.filter(({ change }) => change.kind === 'remove-file')).toEqual([])
    expect(await drift(running, { boot: { initramfs: 'initramfs-tools' } })).toEqual([])
  })

  it('is told that the chosen one is gone, and goes on with the one that is there', async () => {
    const running = await bound(debianGrub)
    await bringDracut(running)
    for (const id of ['boot', 'bind'] as const) await apply(running, id)
    const chosen: Chosen = { boot: { initramfs: 'initramfs-tools' } }
    expect(await drift(running, chosen)).toMatchObject([
      { status: 'warn', text: expect.stringContaining('was chosen') as string },
    ])
    const boot = await view(running, 'boot', chosen)
    expect(boot.findings.find(({ code }) => code === 'boot-initramfs')).toMatchObject({ status: 'warn' })
    expect((await view(running, 'bind', chosen)).verdict.status).toBe('ok')
  })
})
