import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { nextDrivers } from '#core/boot/next-driver.ts'
import { situation } from '#core/situation.fixture.ts'
import { PAIRS } from '#e2e/hosts/distros/all.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { debianFollowed } from '#e2e/hosts/distros/debian.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'

const look = () => factsFrom(simulated(machineOf(debianFollowed)))

describe('what several guides left on one host', () => {
  it('is listed to the last line, each judged', async () => {
    const { leftovers } = situation(await look())
    const told = leftovers.flatMap(({ source, lines, standing }) =>
      lines.map(({ line }) => `${source.replace(/^.*\/(?=[^/]+$)/u, '')}: ${line}: ${standing}`),
    )
    expect(told.sort()).toEqual([
      'bind_vfio.sh: DEVS="0000:04:00.0 0000:04:00.1": in-the-way',
      'bind_vfio.sh: echo vfio-pci > /sys/bus/pci/devices/$DEV/driver_override: in-the-way',
      'bind_vfio.sh: modprobe -i vfio-pci: in-the-way',
      'bind_vfio.sh: modprobe vfio-pci: in-the-way',
      'bind_vfio.sh: virsh nodedev-detach $VIRSH_GPU_AUDIO: in-the-way',
      'bind_vfio.sh: virsh nodedev-detach $VIRSH_GPU_VIDEO: in-the-way',
      'blacklist-nouveau.conf: blacklist nouveau: harmless',
      'grub.cfg: pcie_acs_override=downstream,multifunction: weakens',
      'grub.cfg: vfio-pci.ids=10de:13f1,10de:0fbb: in-the-way',
      'grub.cfg: video=efifb:off: harmless',
      'kvm.conf: VIRSH_GPU_AUDIO=pci_0000_04_00_1: in-the-way',
      'kvm.conf: VIRSH_GPU_VIDEO=pci_0000_04_00_0: in-the-way',
      'modules: vfio_pci ids=10de:13f1,10de:0fbb: in-the-way',
      'unbind_vfio.sh: modprobe vfio-pci: in-the-way',
      'unbind_vfio.sh: virsh nodedev-reattach $VIRSH_GPU_AUDIO: in-the-way',
      'unbind_vfio.sh: virsh nodedev-reattach $VIRSH_GPU_VIDEO: in-the-way',
      'vfio-pci-override.sh: echo "vfio-pci" > "$(dirname $i)/driver_override": unknown',
      'vfio-pci-override.sh: modprobe -i vfio-pci: unknown',
      'vfio.conf: install vfio-pci /sbin/vfio-pci-override.sh: unknown',
      'vfio.conf: options vfio-pci ids=10de:13f1,10de:0fbb disable_vga=1: in-the-way',
      'vfio.conf: softdep nouveau pre: vfio-pci: harmless',
      'vfio.conf: vfio: harmless',
      'vfio.conf: vfio_iommu_type1: harmless',
      'vfio.conf: vfio_pci: harmless',
      'vfio.conf: vfio_virqfd: harmless',
    ])
  })

  it('bars no step, and leaves no driver foretold that a script may decide', async () => {
    const facts = await look()
    expect(stepView(facts, 'boot').plan.changes).not.toEqual([])
    for (const id of ['boot', 'bind'] as const) {
      const found = stepView(facts, id).findings.filter(({ code }) => code.endsWith('-leftover'))
      expect(found.map(({ status }) => status)).toEqual(found.map(() => 'warn'))
      expect(found.length).toBeGreaterThan(1)
    }
    const next = nextDrivers(situation(facts))
    const screen = facts.devices.find(({ address }) => address === '0000:04:00.0')
    if (screen === undefined) throw new Error('no card')
    expect(isUnknown(next(screen).driver)).toBe(true)
  })

  it('is nothing on hosts where nobody followed a guide', async () => {
    for (const distro of PAIRS) {
      const facts = await factsFrom(simulated(machineOf(distro)))
      expect(situation(facts).leftovers, distro.name).toEqual([])
    }
  })
})
