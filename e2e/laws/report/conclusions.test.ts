import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluateSteps } from '#app/evaluate-steps.ts'
import { recordHost } from '#app/report/record-host.ts'
import { redact } from '#app/report/redact.ts'
import { LEFT_OUT } from '#app/report/rules/rules.ts'
import { diagnose } from '#core/diagnose/diagnose.ts'
import { situationOf } from '#core/situation.ts'
import { PAIRS } from '#e2e/hosts/distros/all.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { debianFollowed } from '#e2e/hosts/distros/debian.ts'
import { microOs, nixOs } from '#e2e/hosts/distros/others.ts'
import { recordedMachines } from '#e2e/hosts/recorded-machines.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import type { Host } from '#host/host.ts'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { parseRecording } from '#host/recorded/recording.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { type Choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'

const LOGS = join(import.meta.dirname, '../../hosts/logs')
const texts = readdirSync(LOGS).map((name) => readFileSync(join(LOGS, name), 'utf8'))

const DISTROS = [...PAIRS, microOs, nixOs, debianFollowed]

/** Everything that is concluded of a host, without the words that name things of its owner. */
async function conclusionsOf(host: Host, choices: Choices) {
  const facts = await gatherFacts(host, NO_PROOFS)
  const situation = situationOf(facts, choices)
  const { network } = facts
  return {
    steps: evaluateSteps(situation, []).map((view) => ({
      id: view.id,
      verdict: view.verdict.status,
      plan: view.plan.changes.map(({ change }) => change.kind),
      findings: view.findings.map(({ code, status, fix, evidence }) =>
        [code, status, fix?.step, evidence.length].join(' '),
      ),
    })),
    cards: situation.cards.map(({ name, address, foreignEndpoints, identicalTo, verdict }) => {
      const reasons = [...verdict.reasons, ...verdict.lesser].map(
        ({ code, status, address: at }) => `${code} ${status} ${at}`,
      )
      return { name, address, foreignEndpoints, identicalTo, status: verdict.status, reasons }
    }),
    devices: facts.devices,
    iommu: facts.iommu,
    topology: facts.topology,
    kernel: { ...facts.kernel, cmdline: null },
    qemu: facts.qemu,
    tools: facts.tools,
    boot: facts.boot.loaders.map(({ id, defaultEntry, files }) => {
      return [id, files.length, isUnknown(defaultEntry) ? 'unknown' : defaultEntry.chosenBy].join(' ')
    }),
    initramfs: facts.boot.initramfs.map(({ id, dropIns }) => `${id} ${dropIns}`),
    images: facts.boot.images.length,
    links: network.links.map(({ name, kind, up, addresses }) =>
      [name, kind, up, isUnknown(addresses) || addresses.length].join(' '),
    ),
    network: [network.defaultRoute, network.uplink, network.docker, network.tun, network.vhostNet, network.systemd],
    manager: network.manager === null || isUnknown(network.manager) ? network.manager : network.manager.id,
    claims: isUnknown(facts.claims)
      ? 'unknown'
      : facts.claims.map((claim) => `${claim.address} ${claim.kind} ${claim.certain}`),
    rules: facts.driverRules.lines.length,
    scripts: facts.driverScripts.lines.length,
    leftovers: situation.leftovers.map(({ standing, step, lines }) => [standing, step, lines.length].join(' ')),
    disks: isUnknown(facts.peripherals.disks)
      ? 'unknown'
      : facts.peripherals.disks.map(({ name, use }) => `${name} ${use === null}`),
    usb: isUnknown(facts.peripherals.usb)
      ? 'unknown'
      : facts.peripherals.usb.map(({ port, kinds, use }) => [port, ...kinds, use === null].join(' ')),
    diagnoses: texts.map((text) => diagnose(text, facts).groups.map((group) => group.map(({ id }) => id))),
  }
}

/** The bundle as whoever gets it reads it. */
async function replayOf(host: Host, choices: Choices): Promise<RecordedHost> {
  const recording = redact(await recordHost(host, { choices, proofs: NO_PROOFS })).recording
  return new RecordedHost(parseRecording(JSON.stringify(recording), 'host.json'))
}

const BRIDGED: Choices = { ...DEFAULT_CHOICES, network: { ...DEFAULT_CHOICES.network, mode: 'new-bridge' } }

const HOSTS = [
  ...recordedMachines(),
  ...DISTROS.map((distro) => ({ name: distro.name, description: machineOf(distro) })),
].map(({ name, description }): [string, SimulatedHost] => [name, simulated(description)])

describe('a bundle leads to the conclusions of the host itself', () => {
  it.each(HOSTS)('%s', async (_name, host) => {
    const replay = await replayOf(host, BRIDGED)
    expect(await conclusionsOf(replay, BRIDGED)).toEqual(await conclusionsOf(host, BRIDGED))
  })

  it.each(HOSTS)('of %s nothing is left out for want of a rule', async (_name, host) => {
    const { recording } = redact(await recordHost(host, { choices: BRIDGED, proofs: NO_PROOFS }))
    expect(JSON.stringify(recording)).not.toContain(LEFT_OUT)
  })
})
