import { beforeAll, describe, expect, it } from 'vitest'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { dracut, initramfsTools } from './initramfs.ts'
import { mkinitcpio } from './mkinitcpio.ts'

const FUNCTIONS = [{ address: '0000:04:00.0', vendorId: '10de', deviceId: '13f1', way: '0000:00:03.0/00.0' }]
const ENTRY = '/boot/efi/loader/entries/0123-6.1.0-56-amd64.conf'

let facts: Facts

beforeAll(async () => {
  facts = await factsFrom(simulated())
})

function files(planned: readonly PlannedChange[]): Map<string, string> {
  return new Map(
    planned.flatMap(({ change }) => (change.kind === 'write-file' ? [[change.path, change.text] as const] : [])),
  )
}

function tools(planned: readonly PlannedChange[]): string[] {
  return planned.flatMap(({ change }) => ('tool' in change ? [change.tool] : []))
}

function arch(dropIns: boolean): Facts {
  return { ...facts, boot: { ...facts.boot, initramfs: [{ id: 'mkinitcpio', evidence: '', dropIns, elsewhere: [] }] } }
}

describe('early binding', () => {
  it('has dracut install every file it writes but the drop-in that says so', () => {
    const planned = dracut.planEarlyBind(facts, FUNCTIONS) ?? []
    const [conf, ...others] = [...files(planned)].reverse()
    const items = /^install_items\+=" (.*) "$/mu.exec(conf?.[1] ?? '')?.[1]?.split(' ')
    expect(items?.toSorted()).toEqual(others.map(([path]) => path).toSorted())
    expect(tools(planned)).toEqual(['dracut'])
  })

  it('renews the copies on the ESP after dracut where kernel-install makes them', () => {
    const defaultEntry = { unknown: 'not looked at' }
    const loaders: Facts['boot']['loaders'] = [{ id: 'kernel-install', evidence: '', defaultEntry, files: [ENTRY] }]
    const debian = { ...facts, boot: { ...facts.boot, loaders } }
    for (const planned of [dracut.planEarlyBind(debian, FUNCTIONS), dracut.planModules(debian)])
      expect(tools(planned ?? [])).toEqual(['dracut', 'kernel-install'])
    // Debian's update-initramfs calls kernel-install by a hook of its own.
    expect(tools(initramfsTools.planEarlyBind(debian, FUNCTIONS) ?? [])).toEqual(['update-initramfs'])
  })

  it('serves both kinds of mkinitcpio images with one script', () => {
    const written = files(mkinitcpio.planEarlyBind(arch(true), FUNCTIONS) ?? [])
    const install = written.get('/etc/initcpio/install/passthrough-studio') ?? ''
    const added = [...install.matchAll(/^ +add_file (\S+)$/gmu)].map((match) => match[1] ?? '')
    expect(added).toHaveLength(3)
    for (const path of added) expect([...written.keys()]).toContain(path)
    expect(written.get('/etc/initcpio/hooks/passthrough-studio')).toContain(
      '/bin/sh /etc/passthrough-studio/early-bind',
    )
    expect(written.get('/etc/passthrough-studio/early-bind')).toContain('claim 0000:04:00.0 0x10de 0x13f1')
  })

  it('edits the one file of a mkinitcpio that reads no drop-ins: modules, then hooks', () => {
    const conf = '/etc/mkinitcpio.conf'
    const of = (text: string): Facts => ({ ...arch(false), files: { ...facts.files, [conf]: { text, sha256: '' } } })
    const before = of('MODULES=(i915)\nHOOKS=(base udev)\n')
    const modules = files(mkinitcpio.planModules(before))
    expect([...modules]).toEqual([[conf, 'MODULES=(vfio_pci vfio vfio_iommu_type1 i915)\nHOOKS=(base udev)\n']])
    const written = files(mkinitcpio.planEarlyBind(of(modules.get(conf) ?? ''), FUNCTIONS) ?? [])
    expect(written.get(conf)).toBe(
      'MODULES=(vfio_pci vfio vfio_iommu_type1 i915)\nHOOKS=(base udev passthrough-studio)\n',
    )
    expect([...written.keys()]).toContain('/etc/initcpio/install/passthrough-studio')
    expect([...written.keys()].filter((path) => path.includes('mkinitcpio.conf.d'))).toEqual([])
    expect(mkinitcpio.planModules(of(written.get(conf) ?? ''))).toEqual([])
  })

  it('is not planned where presets of mkinitcpio go by a file that no change reaches', () => {
    const [found] = arch(true).boot.initramfs
    const told = found === undefined ? [] : [{ ...found, elsewhere: ['/etc/mkinitcpio-office.conf'] }]
    const office = { ...facts, boot: { ...facts.boot, initramfs: told } }
    expect(mkinitcpio.planEarlyBind(office, FUNCTIONS)).toBeNull()
    expect(mkinitcpio.planModules(office)).toEqual([])
  })

  it('plans nothing once all files are as wanted', () => {
    for (const tool of [initramfsTools, dracut]) {
      const wanted = files(tool.planEarlyBind(facts, FUNCTIONS) ?? [])
      const there = Object.fromEntries([...wanted].map(([path, text]) => [path, { text, sha256: '' }]))
      expect(tool.planEarlyBind({ ...facts, files: { ...facts.files, ...there } }, FUNCTIONS)).toEqual([])
    }
  })
})
