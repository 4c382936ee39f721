import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { situation } from '#core/situation.fixture.ts'
import { earlyFunctions } from '#core/steps/bind/bind-plan.ts'
import { nixosModule, nixosText } from '#core/steps/distros/nixos.ts'
import { readNix } from '#core/steps/distros/read-nix.fixture.ts'
import { STEPS } from '#core/steps/index.ts'
import { earlyScript } from '#core/texts/early-bind.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { nixOs } from '#e2e/hosts/distros/others.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Chosen, reserving } from '#shared/wizard/choices.fixture.ts'

const CARD = '0000:04:00.0'
const BOUND: Chosen = { cards: reserving(CARD), boot: { hostPassthrough: true } }

async function host(): Promise<Facts> {
  return factsFrom(new SimulatedHost(recordingOf(machineOf(nixOs))))
}

describe('the module for NixOS', () => {
  it('has balanced brackets, and every text of it ends, whatever is chosen', async () => {
    const facts = await host()
    for (const chosen of [{}, BOUND, { ...BOUND, network: { mode: 'bridge', bridge: 'br0' } }] satisfies Chosen[])
      expect(() => readNix(nixosModule(situation(facts, chosen)))).not.toThrow()
  })

  it('tells the kernel what step 3 would, also once it does', async () => {
    const facts = await host()
    expect(nixosModule(situation(facts, BOUND))).toContain('boot.kernelParams = [ "intel_iommu=on" "iommu=pt" ];')
    const cmdline = `${facts.kernel.cmdline} intel_iommu=on iommu=pt`
    const rebuilt = { ...facts, kernel: { ...facts.kernel, cmdline } }
    expect(nixosModule(situation(rebuilt, BOUND))).toContain('boot.kernelParams = [ "intel_iommu=on" "iommu=pt" ];')
  })

  it('names what an earlier configuration gives the kernel and has to go', async () => {
    const facts = await host()
    const off = { ...facts, kernel: { ...facts.kernel, cmdline: `${facts.kernel.cmdline} intel_iommu=off` } }
    expect(nixosModule(situation(off))).toContain('# Take intel_iommu=off out of boot.kernelParams elsewhere.')
  })

  it('binds by the very script of step 5, in both kinds of initramfs, in a shell of its own', async () => {
    const given = situation(await host(), BOUND)
    const functions = earlyFunctions(given)
    expect(functions.map(({ address }) => address)).toContain(CARD)
    const rule = `(\nset --\nPATH=/bin:/sbin:$PATH\n${earlyScript(functions)})\n`
    expect(readNix(nixosModule(given)).filter((text) => text === rule)).toHaveLength(2)
  })

  it('binds nothing at boot without a card that is kept for VMs', async () => {
    const text = nixosModule(situation(await host(), { cards: { units: [] } }))
    expect(text).toContain('# Step 5: nothing is kept for VMs at each boot.')
    expect(text).not.toContain('preDeviceCommands')
  })

  it('makes a bridge only where one is chosen that is not there', async () => {
    const facts = await host()
    expect(nixosModule(situation(facts))).toContain('# Step 7: the VM’s network is private; nothing is needed.')
    const chosen: Chosen = { network: { mode: 'bridge', bridge: 'br0' } }
    expect(nixosModule(situation(facts, chosen))).toContain('networking.bridges."br0".interfaces = [ "')
  })

  it('lets the VM’s user lock its memory and open the groups', async () => {
    const facts = await host()
    const [user] = facts.users
    const text = nixosModule(situation(facts, BOUND))
    expect(text).toContain(`users.users."${user?.name ?? ''}".extraGroups = [ "kvm" ];`)
    expect(text).toMatch(/item = "memlock"; value = "\d+";/u)
    const nobody = nixosModule(situation({ ...facts, users: [] }, BOUND))
    expect(nobody).toContain('# No account can run a VM yet.')
  })

  it('stands for what no step writes below /etc', async () => {
    const facts = await host()
    for (const [step, chosen] of [
      ['kernel', BOUND],
      ['boot', BOUND],
      ['bind', BOUND],
      ['definition', BOUND],
    ] as const) {
      const { plan } = stepView({ ...facts, kernel: { ...facts.kernel, vfioPci: 'module' } }, step, chosen)
      expect(
        plan.changes.filter(({ change }) => change.kind === 'write-file'),
        step,
      ).toEqual([])
    }
    const written = stepView(facts, 'definition', BOUND).findings.find(({ code }) => code === 'definition-host')
    expect(written).toMatchObject({ status: 'fail' })
  })

  it('is on the pages of the five steps that have a part of it, and on no other host', async () => {
    const given = situation(await host(), BOUND)
    const pages = STEPS.filter((step) => step.hostText?.(given) != null).map(({ id }) => id)
    expect(pages).toEqual(['kernel', 'boot', 'bind', 'network', 'definition'])
    expect(nixosText(given, 'bind')?.about).toContain('"# Step 5"')
    const other = situation({ ...given.facts, host: { ...given.facts.host, osId: 'debian' } }, BOUND)
    expect(STEPS.filter((step) => step.hostText?.(other) != null)).toEqual([])
  })
})
