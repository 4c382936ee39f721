import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { paperFacts, TWIN, withDevice } from '#host/simulated/paper/facts.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { leftover } from '#shared/ipc/leftover.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'

const CARD = '0000:04:00.0'
const CONF = '/etc/modprobe.d/vfio.conf'
const IDS = 'options vfio-pci ids=10de:13f1,10de:0fbb'

async function factsWith(files: Readonly<Record<string, string>>, twin = false): Promise<Facts> {
  return paperFacts({
    files: { ...PAPER_WORKSTATION.files, ...files },
    ...(twin ? withDevice({ ...TWIN, modules: 'nouveau' }) : {}),
  })
}

function leftoversIn(facts: Facts) {
  return leftover.array().parse([...situation(facts, { cards: reserving(CARD) }).leftovers])
}

/** What one line of a file comes to: its standing and the reason. */
async function judged(path: string, line: string, twin = false) {
  const found = leftoversIn(await factsWith({ [path]: `# of a guide\n${line}\n` }, twin))
  return found.map(({ source, standing, why }) => ({ source, standing, why }))
}

describe('a line that an earlier guide left', () => {
  it('that gives ids to vfio-pci is in the way of a twin that is not reserved, which is named', async () => {
    const [alone, twin] = [await judged(CONF, IDS), await judged(CONF, IDS, true)]
    expect(alone).toEqual([
      {
        source: CONF,
        standing: 'in-the-way',
        why: expect.stringMatching(/^It takes only what step 5 binds/u) as string,
      },
    ])
    expect(twin).toEqual([
      {
        source: CONF,
        standing: 'in-the-way',
        why: expect.stringMatching(/^It takes 06:00\.0 from the host/u) as string,
      },
    ])
  })

  it('of ids that no device has does no harm', async () => {
    expect(await judged(CONF, 'options vfio-pci ids=1002:ffff')).toMatchObject([{ standing: 'harmless' }])
  })

  it('is judged the same in the list of modules that initramfs-tools loads', async () => {
    const path = '/etc/initramfs-tools/modules'
    expect(await judged(path, 'vfio_pci ids=10de:13f1', true)).toMatchObject([
      { source: path, why: expect.stringContaining('06:00.0') as string },
    ])
    expect(await judged(path, 'vfio_pci')).toMatchObject([{ standing: 'harmless' }])
  })

  it.each(['blacklist nouveau', 'install nouveau /bin/false', 'alias nouveau off'])(
    'as "%s" is in the way of a card that the host keeps, and not of one it gives away',
    async (line) => {
      expect(await judged(CONF, line)).toMatchObject([{ standing: 'harmless' }])
      const facts = await factsWith({ [CONF]: `${line}\n` }, true)
      const devices = facts.devices.map((one) => (one.address === TWIN.address ? { ...one, driver: null } : one))
      expect(leftoversIn({ ...facts, devices })).toMatchObject([
        { standing: 'in-the-way', why: expect.stringMatching(/06:00\.0.* Its screens stay dark\.$/u) as string },
      ])
    },
  )

  it.each([
    ['softdep nouveau pre: vfio-pci', 'harmless'],
    ['options vfio-pci disable_vga=1', 'harmless'],
    ['options vfio_iommu_type1 allow_unsafe_interrupts=1', 'weakens'],
    ['install vfio-pci /sbin/vfio-pci-override.sh', 'unknown'],
  ])('as "%s" is %s', async (line, standing) => {
    expect(await judged(CONF, line)).toMatchObject([{ source: CONF, standing }])
  })

  it.each([
    ['/etc/modules-load.d/vfio.conf', 'vfio_virqfd'],
    ['/etc/modules', 'vfio_pci'],
    ['/etc/dracut.conf.d/vfio.conf', 'add_drivers+=" vfio vfio_pci "'],
    ['/etc/mkinitcpio.conf', 'MODULES=(vfio_pci vfio vfio_iommu_type1)'],
  ])('in %s is listed as harmless', async (path, line) => {
    expect(await judged(path, line)).toMatchObject([{ source: path, standing: 'harmless' }])
  })

  it('of driverctl is in the way where it says something else than step 5', async () => {
    const path = `/etc/driverctl.d/${CARD}`
    expect(await judged(path, 'vfio-pci')).toMatchObject([{ standing: 'harmless' }])
    expect(await judged(path, 'nouveau')).toMatchObject([{ standing: 'in-the-way' }])
  })

  it('is none of this program’s own', async () => {
    const own = { [OWN_FILES.modulesLoad]: 'vfio-pci\n', [OWN_FILES.dracutConf]: 'add_drivers+=" vfio_pci "\n' }
    expect(leftoversIn(await factsWith(own))).toEqual([])
  })

  it('cannot be told to be absent where a directory is closed', async () => {
    const facts = await factsWith({})
    const driverScripts = { lines: [], unread: [{ source: '/etc/libvirt', why: 'EACCES' }], cut: false }
    expect(leftoversIn({ ...facts, driverScripts })).toMatchObject([{ standing: 'unknown', lines: [] }])
  })
})

describe('an argument that an earlier guide left', () => {
  it.each([
    ['nomodeset', 'in-the-way', 'boot'],
    ['pcie_acs_override=downstream', 'weakens', 'boot'],
    ['video=efifb:off', 'harmless', 'boot'],
    ['rd.driver.pre=vfio-pci', 'harmless', 'boot'],
    ['modprobe.blacklist=nouveau', 'harmless', null],
    ['vfio-pci-ids=10de:13f1', 'harmless', null],
  ])('%s is %s, and taken out by the step %s', async (token, standing, step) => {
    const facts = await factsWith({})
    const loaders = facts.boot.loaders.map((loader) =>
      'unknown' in loader.defaultEntry
        ? loader
        : { ...loader, defaultEntry: { ...loader.defaultEntry, cmdline: `quiet ${token}` } },
    )
    expect(leftoversIn({ ...facts, boot: { ...facts.boot, loaders } })).toMatchObject([
      { lines: [{ line: token }], standing, step },
    ])
  })
})

describe('a script that an earlier guide left', () => {
  const HOOK = '/etc/libvirt/hooks/qemu.d/win10/prepare/begin/start.sh'
  const detach = (node: string) => `#!/bin/bash\nset -x\nvirsh nodedev-detach ${node}\nmodprobe vfio-pci\n`

  it('around a VM of libvirt is in the way where it moves what is reserved', async () => {
    const [found, ...more] = leftoversIn(await factsWith({ [HOOK]: detach('pci_0000_04_00_0') }))
    expect(more).toEqual([])
    expect(found).toMatchObject({ source: HOOK, standing: 'in-the-way' })
    expect(found?.lines).toEqual([
      { line: 'virsh nodedev-detach pci_0000_04_00_0', does: 'Takes a device from its driver, for libvirt.' },
      { line: 'modprobe vfio-pci', does: 'Loads a driver.' },
    ])
  })

  it('finds its devices in the file of variables beside it', async () => {
    const files = { [HOOK]: detach('$GPU'), '/etc/libvirt/hooks/kvm.conf': 'GPU=pci_0000_04_00_0\n' }
    const found = leftoversIn(await factsWith(files))
    expect(found.map(({ standing }) => standing)).toEqual(['in-the-way', 'in-the-way'])
    expect(leftoversIn(await factsWith({ [HOOK]: detach('$GPU') }))).toMatchObject([{ standing: 'unknown' }])
  })

  it('in the initramfs of another generator is run by nobody', async () => {
    const path = '/etc/initramfs-tools/scripts/init-top/bind_vfio.sh'
    const found = leftoversIn(
      await factsWith({ [path]: 'echo vfio-pci > /sys/bus/pci/devices/0000:04:00.0/driver_override\n' }),
    )
    expect(found).toMatchObject([{ source: path, standing: 'harmless' }])
  })

  it('that modprobe runs for vfio-pci is judged by the devices it names', async () => {
    const script = '/usr/local/sbin/vfio-pci-override.sh'
    const files = {
      [CONF]: `install vfio-pci ${script}; modprobe --ignore-install vfio-pci\n`,
      [script]:
        '#!/bin/sh\nDEVS="0000:04:00.0 0000:06:00.0"\necho vfio-pci > /sys/bus/pci/devices/$DEV/driver_override\n',
    }
    const found = leftoversIn(await factsWith(files, true))
    expect(found.map(({ source }) => source)).toEqual([CONF, script])
    for (const { why } of found) expect(why).toMatch(/06:00\.0 from the host/u)
  })
})
