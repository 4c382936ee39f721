import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import type { Description } from '#host/simulated/description.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { OWN_FILES, RESCUE_WORD } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'
import { nextDriver as schema } from '#shared/ipc/driver-row.ts'
import { nextDrivers } from './next-driver.ts'

const CARD = '0000:04:00.0'

async function factsWith(files: Readonly<Record<string, string>>): Promise<Facts> {
  const change: Partial<Description> = { files: { ...PAPER_WORKSTATION.files, ...files } }
  return paperFacts(change)
}

function at(facts: Facts, address = CARD): Device {
  const device = facts.devices.find((candidate) => candidate.address === address)
  if (device === undefined) throw new RangeError(address)
  return device
}

function next(facts: Facts, device = at(facts)) {
  return schema.parse(nextDrivers(situation(facts))(device))
}

const bound = (facts: Facts, driver = 'vfio-pci', driverOverride: string | null = 'vfio-pci'): Device => ({
  ...at(facts),
  driver,
  driverOverride,
})

const script = (claim: string): Record<string, string> => ({ [OWN_FILES.earlyScript]: `#!/bin/sh\n${claim}\n` })
const IDS = { '/etc/modprobe.d/vfio.conf': '# of a recipe\noptions vfio-pci ids=10de:13f1,10de:0fbb disable_vga=1\n' }

describe('the driver of a function at the next boot', () => {
  it('is today’s where no rule names the function', async () => {
    expect(next(await factsWith({}))).toMatchObject({
      driver: 'nouveau',
      evidence: [{ quote: 'nouveau' }, { quote: 'Kernel modules: nouveau' }],
    })
  })

  it('is vfio-pci by our rule, which the evidence quotes', async () => {
    const claim = `claim ${CARD} 0x10de 0x13f1`
    expect(next(await factsWith(script(claim)))).toMatchObject({
      driver: 'vfio-pci',
      evidence: [{ kind: 'file', source: OWN_FILES.earlyScript, quote: claim }],
    })
  })

  it('does not follow our rule for another device, or where the kernel argument turns it off', async () => {
    expect(next(await factsWith(script(`claim ${CARD} 0x10de 0xffff`))).driver).toBe('nouveau')
    const facts = await factsWith(script(`claim ${CARD} 0x10de 0x13f1`))
    const loaders = facts.boot.loaders.map((loader) =>
      'unknown' in loader.defaultEntry
        ? loader
        : { ...loader, defaultEntry: { ...loader.defaultEntry, cmdline: RESCUE_WORD } },
    )
    expect(loaders.length).toBeGreaterThan(0)
    expect(next({ ...facts, boot: { ...facts.boot, loaders } }).driver).toBe('nouveau')
  })

  it('is unknown by our rule while the IOMMU is off', async () => {
    const facts = await factsWith(script(`claim ${CARD} 0x10de 0x13f1`))
    expect(next(facts, { ...at(facts), iommuGroup: null }).driver).toHaveProperty('unknown')
  })

  it('is the module the kernel names after a live override, under its driver’s name', async () => {
    const facts = await factsWith({})
    expect(next(facts, bound(facts)).driver).toBe('nouveau')
    const usb = { ...facts, lspci: (facts.lspci ?? '').replace('modules: nouveau', 'modules: xhci_pci') }
    expect(next(usb, bound(usb)).driver).toBe('xhci_hcd')
  })

  it('is unknown after a live override with several modules, or none', async () => {
    const facts = await factsWith({})
    const two = { ...facts, lspci: (facts.lspci ?? '').replace('modules: nouveau', 'modules: nvidiafb, nouveau') }
    expect(next(two, bound(two)).driver).toEqual({ unknown: expect.stringContaining('nvidiafb, nouveau') as string })
    const none = { ...facts, lspci: null }
    expect(next(none, bound(none)).driver).toHaveProperty('unknown')
  })

  it('is the module that a blacklist, an install line or an argument leaves', async () => {
    for (const line of ['blacklist nvidiafb', 'install nvidiafb /bin/false']) {
      const facts = await factsWith({ '/usr/lib/modprobe.d/fb.conf': `${line}\n` })
      const lspci = (facts.lspci ?? '').replace('modules: nouveau', 'modules: nvidiafb, nouveau')
      // What lspci names decides which lines are kept, so the line comes with the changed listing.
      const lines = [{ source: '/usr/lib/modprobe.d/fb.conf', line }]
      const changed = { ...facts, lspci, driverRules: { ...facts.driverRules, lines } }
      expect(next(changed, bound(changed)).driver, line).toBe('nouveau')
      expect(next(changed, bound(changed)).evidence).toContainEqual({
        kind: 'file',
        source: '/usr/lib/modprobe.d/fb.conf',
        quote: line,
      })
    }
  })

  it('is unknown where VFIO holds the function for a reason that was not read', async () => {
    const facts = await factsWith({})
    expect(next(facts, bound(facts, 'vfio-pci', null)).driver).toHaveProperty('unknown')
  })

  it('does not follow from ids alone, but with a softdep, a blacklist or an early list', async () => {
    expect(next(await factsWith(IDS)).driver).toHaveProperty('unknown')
    const softdep = { '/etc/modprobe.d/order.conf': 'softdep nouveau pre: vfio-pci\n' }
    expect(next(await factsWith({ ...IDS, ...softdep }))).toMatchObject({
      driver: 'vfio-pci',
      evidence: [
        { source: '/etc/modprobe.d/vfio.conf' },
        { kind: 'file', source: '/etc/modprobe.d/order.conf', quote: 'softdep nouveau pre: vfio-pci' },
      ],
    })
    const barred = { '/etc/modprobe.d/no.conf': 'blacklist nouveau\n' }
    expect(next(await factsWith({ ...IDS, ...barred })).driver).toBe('vfio-pci')
    const early = { '/etc/initramfs-tools/modules': 'vfio-pci\n' }
    expect(next(await factsWith({ ...IDS, ...early })).driver).toBe('vfio-pci')
  })

  it('ignores ids of another card, or of another’s subsystem', async () => {
    for (const ids of ['10de:1111', '10de:13f1:1043:0001']) {
      const files = { '/etc/modprobe.d/vfio.conf': `options vfio-pci ids=${ids}\n` }
      expect(next(await factsWith(files)).driver, ids).toBe('nouveau')
    }
  })

  it('ignores options of modprobe.d where vfio-pci is built in', async () => {
    const facts = await factsWith(IDS)
    expect(next({ ...facts, kernel: { ...facts.kernel, vfioPci: 'builtin' } }).driver).toBe('nouveau')
  })

  it('is driverctl’s choice, and unknown where an admin’s udev rule may decide', async () => {
    expect(next(await factsWith({ [`/etc/driverctl.d/${CARD}`]: 'vfio-pci\n' }))).toMatchObject({ driver: 'vfio-pci' })
    const rule = `ACTION=="add", KERNEL=="${CARD}", ATTR{driver_override}="vfio-pci"`
    const ruled = next(await factsWith({ '/etc/udev/rules.d/90-gpu.rules': `${rule}\n` }))
    expect(ruled.driver).toHaveProperty('unknown')
    expect(ruled.evidence).toEqual([{ kind: 'file', source: '/etc/udev/rules.d/90-gpu.rules', quote: rule }])
    const other = rule.replace(CARD, '0000:09:00.0')
    expect(next(await factsWith({ '/etc/udev/rules.d/90-gpu.rules': `${other}\n` })).driver).toBe('nouveau')
  })

  it('is unknown where a file cannot be read', async () => {
    const facts = await factsWith({})
    const driverRules = { ...facts.driverRules, unread: ['/etc/modprobe.d/secret.conf'] }
    expect(next({ ...facts, driverRules })).toMatchObject({
      driver: { unknown: expect.stringContaining('Not all rules') as string },
      evidence: [{ source: '/etc/modprobe.d/secret.conf' }],
    })
  })

  it('follows a file in /etc in place of the distribution’s file of that name', async () => {
    const facts = await factsWith({
      '/etc/modprobe.d/gpu.conf': '# emptied\n',
      '/usr/lib/modprobe.d/gpu.conf': 'blacklist nouveau\n',
    })
    expect(facts.driverRules.lines).toEqual([])
  })
})
