import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { PAIRS } from '#e2e/hosts/distros/all.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { debianSystemdBoot, debianUki, proxmox } from '#e2e/hosts/distros/debian.ts'
import { atomic, building } from '#e2e/hosts/distros/fedora.ts'
import { Executor } from '#helper/executor.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

/** Where what boots cannot be looked into: it lies on partitions that are not mounted. */
const UNSEEN: readonly Distro[] = [proxmox]
/** Where each change makes a deployment, whose initramfs is built here, or was before. */
const DEPLOYED: readonly Distro[] = [atomic, building([]), building(['--force-add', 'tpm2-tss'])]

/** Where it can, by whoever looks. */
const SEEN = PAIRS.filter((distro) => ![...UNSEEN, ...DEPLOYED].includes(distro))

function start(distro: Distro): SimulatedHost {
  return new SimulatedHost(recordingOf(machineOf(distro)))
}

const executor = (host: SimulatedHost) => new Executor(host, 0, () => undefined)
const view = async (host: SimulatedHost, id: StepId): Promise<StepView> => stepView(await factsFrom(host), id)
const textOf = ({ findings }: StepView, code: string) => findings.find((finding) => finding.code === code)

/** The first three steps, the reboot that they need, and the fifth. */
async function bound(distro: Distro): Promise<SimulatedHost> {
  const host = start(distro)
  for (const id of ['kernel', 'boot'] as const) await executor(host).apply((await view(host, id)).plan)
  host.reboot()
  await executor(host).apply((await view(host, 'bind')).plan)
  return host
}

async function comesBack(host: SimulatedHost): Promise<void> {
  host.reboot()
  expect(textOf(await view(host, 'verify'), 'verify-next-boot')).toMatchObject({ status: 'pass' })
  await executor(host).undo({ kind: 'all' })
  expect([...host.tree().keys()]).toEqual([])
  host.reboot()
  const { boot } = await factsFrom(host)
  expect(boot.earlyBind).toBeNull()
}

describe('undo after somebody else had an image built', () => {
  it.each([debianSystemdBoot, debianUki].map((distro) => [distro.name, distro] as const))(
    'leaves none of our arguments where no file names those of the kernel: %s',
    async (_name, distro) => {
      const argumentsOf = async (host: SimulatedHost) => {
        const entry = (await factsFrom(host)).boot.loaders[0]?.defaultEntry
        return entry !== undefined && 'cmdline' in entry ? entry.cmdline : null
      }
      const before = await argumentsOf(start(distro))
      expect(before).toContain('quiet')
      const host = await bound(distro)
      for (const path of (await factsFrom(host)).boot.images.filter((image) => !image.endsWith('.conf'))) {
        const bytes = Buffer.concat([(await host.bytes(path)) ?? new Uint8Array(), Buffer.from('by others\n')])
        await host.writeAtomic(path, bytes, { mode: 0o600, uid: 0, gid: 0 })
      }
      await executor(host).undo({ kind: 'all' })
      expect(await argumentsOf(host)).toBe(before)
      host.reboot()
      expect((await factsFrom(host)).kernel.cmdline).not.toContain('intel_iommu=on')
    },
  )
})

describe('what is reserved at each boot', () => {
  it.each(SEEN.map((distro) => [distro.name, distro] as const))(
    'is in the image that boots: %s',
    async (_name, distro) => {
      const host = await bound(distro)
      const bind = await view(host, 'bind')
      expect(bind.verdict.status).toBe('ok')
      expect(textOf(bind, 'bind-at-boot')).toMatchObject({
        status: 'pass',
        text: expect.stringMatching(/\S+ holds the rule\./u) as string,
      })
      await comesBack(host)
    },
  )

  it.each(UNSEEN.map((distro) => [distro.name, distro] as const))(
    'is not said to be in the image where that is not seen: %s',
    async (_name, distro) => {
      const host = await bound(distro)
      const bind = await view(host, 'bind')
      expect(textOf(bind, 'bind-at-boot')).toMatchObject({ status: 'unknown' })
      expect(bind.verdict.status).not.toBe('ok')
      await comesBack(host)
    },
  )

  it.each(DEPLOYED.map((distro) => [distro.name, distro] as const))(
    'is in the deployment that boots, and undo switches back what was switched: %s',
    async (_name, distro) => {
      const origin = async (host: SimulatedHost) => {
        const { stdout } = await host.run('rpm-ostree', ['status', '--json'])
        const [first] = (JSON.parse(stdout) as { deployments: Record<string, unknown>[] }).deployments
        return [first?.['regenerate-initramfs'], first?.['initramfs-args']]
      }
      const before = await origin(start(distro))
      const host = await bound(distro)
      const bind = await view(host, 'bind')
      expect(textOf(bind, 'bind-at-boot')).toMatchObject({
        status: 'pass',
        text: expect.stringMatching(/\/ostree\/deploy\/\S+ holds the rule\./u) as string,
      })
      host.reboot()
      expect(textOf(await view(host, 'verify'), 'verify-next-boot')).toMatchObject({ status: 'pass' })
      await executor(host).undo({ kind: 'all' })
      expect(await origin(host)).toEqual(before)
      host.reboot()
      const { boot } = await factsFrom(host)
      expect(boot.earlyBind).toBeNull()
      expect([...host.tree().keys()].filter((path) => path.startsWith('/etc/'))).toEqual([])
    },
  )
})
