import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { grubDropIn } from '#core/texts/boot/boot-texts.ts'
import { archGrub, archSystemdBoot, archUki } from '#e2e/hosts/distros/arch.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub, debianSystemdBoot, popOs, proxmox, proxmoxGrub } from '#e2e/hosts/distros/debian.ts'
import { atomic, fedora, rhel7 } from '#e2e/hosts/distros/fedora.ts'
import { nixOs, openSuse, tumbleweed } from '#e2e/hosts/distros/others.ts'
import { Executor } from '#helper/executor.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'

const run = promisify(execFile)
/** What stands in the way, and what does no harm or is only offered. */
const WARNED = ['nomodeset', 'vfio-pci.ids=10de:13f1,10de:0fbb', 'pcie_acs_override=downstream,multifunction']
const HARMLESS = ['rd.driver.pre=vfio-pci', 'video=vesafb:off,efifb:off', 'amd_iommu=on']
const CHOSEN = [...WARNED, ...HARMLESS]
const EARLIER = ['iommu=off', ...CHOSEN]

/** The same machine, on which somebody followed a guide of other days, wherever its tools keep the arguments. */
function followed(distro: Distro): Distro {
  const more = EARLIER.join(' ')
  const changed = ([path, text]: [string, string]): [string, string] => [
    path,
    path.startsWith('/etc/kernelstub')
      ? text.replaceAll('"quiet"', ['quiet', ...EARLIER].map((word) => `"${word}"`).join(', '))
      : text.replaceAll(/\bquiet\b/gu, `quiet ${more}`),
  ]
  const files = Object.fromEntries(Object.entries(distro.files).map(changed))
  return { ...distro, files, cmdline: distro.cmdline.replace('quiet', `quiet ${more}`) }
}

function start(distro: Distro): SimulatedHost {
  return new SimulatedHost(recordingOf(machineOf(followed(distro))))
}

async function look(host: SimulatedHost, remove: readonly string[] = []): Promise<{ boot: StepView; line: string }> {
  const facts = await factsFrom(host)
  return { boot: stepView(facts, 'boot', { boot: { remove: [...remove] } }), line: facts.kernel.cmdline }
}

const earlierIn = (line: string) => EARLIER.filter((word) => line.split(' ').includes(word))

const WRITTEN: readonly Distro[] = [
  ...[debianGrub, debianSystemdBoot, fedora, rhel7, archGrub, archSystemdBoot, archUki],
  ...[popOs, openSuse, tumbleweed, atomic, proxmox, proxmoxGrub],
]

describe('arguments that an earlier guide had somebody add', () => {
  it.each(WRITTEN.map((distro) => ({ name: distro.name, distro })))(
    'go on $name, those that were ticked and what turns the IOMMU off, and come back',
    async ({ distro }) => {
      const host = start(distro)
      const { boot: seen, line } = await look(host)
      expect(earlierIn(line)).toEqual(EARLIER)
      const told = seen.findings.filter(({ code }) => code === 'boot-leftover').map(({ about }) => about)
      expect(told).toEqual(WARNED)
      const executor = new Executor(host, 0, () => undefined)
      await executor.apply((await look(host, CHOSEN)).boot.plan)
      host.reboot()
      const booted = await look(host, CHOSEN)
      expect(booted.boot.verdict, booted.line).toMatchObject({ status: 'ok' })
      expect(earlierIn(booted.line)).toEqual([])
      expect(booted.boot.plan.changes).toEqual([])
      await executor.undo({ kind: 'all' })
      host.reboot()
      expect(earlierIn((await look(host)).line).sort()).toEqual([...EARLIER].sort())
    },
  )

  it('stay where they were not ticked, but for what turns the IOMMU off', async () => {
    const host = start(debianGrub)
    await new Executor(host, 0, () => undefined).apply((await look(host)).boot.plan)
    host.reboot()
    expect(earlierIn((await look(host)).line)).toEqual(CHOSEN)
  })

  it('are left to the admin of a NixOS, by word', async () => {
    const { boot } = await look(start({ ...nixOs, cmdline: `${nixOs.cmdline} quiet` }), CHOSEN)
    expect(boot.hostText?.text).toContain(`# Take ${EARLIER.join(' ')} out of boot.kernelParams elsewhere.`)
  })
})

describe('GRUB’s drop-in on Debian, as a shell reads it', () => {
  /** Both variables after the defaults file and the drop-in, as grub-mkconfig has them. */
  async function read(defaults: string, dropIn: string): Promise<string[]> {
    const directory = await temporaryDirectory('grub')
    await writeFile(join(directory, 'grub'), defaults)
    await writeFile(join(directory, 'ours.cfg'), dropIn)
    const print = 'printf "%s|%s" "$GRUB_CMDLINE_LINUX" "$GRUB_CMDLINE_LINUX_DEFAULT"'
    const { stdout } = await run('sh', ['-e', '-c', `. "$1/grub"; . "$1/ours.cfg"; ${print}`, 'sh', directory])
    return stdout.split('|')
  }

  it('takes words out of both variables as often as they stand there, and nothing like them', async () => {
    const defaults = [
      'GRUB_CMDLINE_LINUX="iommu=off iommu=off iommu=offset  a=*"',
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet vfio-pci.ids=10de:13f1 xiommu=off vfio-pcixids=10de:13f1"',
    ].join('\n')
    const dropIn = grubDropIn('', { add: ['iommu=pt'], remove: ['iommu=off', 'vfio-pci.ids=10de:13f1'] })
    expect((await read(defaults, dropIn)).map((line) => line.trim())).toEqual([
      'iommu=offset  a=*',
      'quiet xiommu=off vfio-pcixids=10de:13f1  iommu=pt',
    ])
  })

  it('does so where a variable was never given a value', async () => {
    expect((await read('', grubDropIn('', { add: [], remove: ['nomodeset'] }))).join('').trim()).toBe('')
  })

  it('keeps what it took out and added before', () => {
    const first = grubDropIn('', { add: ['iommu=pt'], remove: ['nomodeset'] })
    const second = grubDropIn(first, { add: ['intel_iommu=on'], remove: ['iommu=off'] })
    expect(second).toBe(grubDropIn('', { add: ['iommu=pt', 'intel_iommu=on'], remove: ['nomodeset', 'iommu=off'] }))
  })
})
