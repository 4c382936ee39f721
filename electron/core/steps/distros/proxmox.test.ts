import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Chosen, reserving } from '#shared/wizard/choices.fixture.ts'
import { definition } from '../definition/definition.ts'
import { packageOf } from './packages.ts'
import { proxmoxLines } from './proxmox.ts'

const CARD = '0000:04:00.0'
const RESERVED: Chosen = { cards: reserving(CARD) }

async function host(): Promise<Facts> {
  const facts = await paperFacts()
  return { ...facts, host: { ...facts.host, proxmox: true } }
}

async function lines(more: Chosen['definition'] = {}): Promise<string> {
  return proxmoxLines(situation(await host(), { ...RESERVED, definition: more }))?.text ?? ''
}

describe('the lines for a VM of Proxmox VE', () => {
  it('give it all functions of the card behind a port of PCI Express, and q35 with UEFI', async () => {
    const text = await lines()
    expect(text).toContain('qm set "$vm" --machine q35 --bios ovmf --cpu host\n')
    expect(text).toContain('qm set "$vm" --hostpci0 0000:04:00,pcie=1\n')
    expect(text).toContain('#qm set "$vm" --efidisk0 local-lvm:1,efitype=4m,pre-enrolled-keys=1\n')
  })

  it('make the card its screen where the VM has no other', async () => {
    expect(await lines({ screen: false })).toContain('--hostpci0 0000:04:00,pcie=1,x-vga=1\n')
    expect(await lines({ screen: true })).not.toContain('x-vga')
  })

  it('have no disk for UEFI variables where the VM starts by SeaBIOS', async () => {
    const text = await lines({ bios: true })
    expect(text).toContain('--bios seabios')
    expect(text).not.toContain('efidisk')
  })

  it('put a ROM file where Proxmox VE looks for it, or hide the ROM', async () => {
    const text = await lines({ roms: [{ address: CARD, file: '/srv/my roms/card.rom' }] })
    expect(text).toContain("cp '/srv/my roms/card.rom' /usr/share/kvm/card.rom\n")
    expect(text).toContain(',romfile=card.rom\n')
    expect(await lines({ roms: [{ address: CARD, file: null }] })).toContain(',rombar=0\n')
  })

  it('are there without an account a VM of this program could run as, and not without a card', async () => {
    const facts = { ...(await host()), users: [] }
    const alone = situation(facts, RESERVED)
    expect(definition.hostText?.(alone)?.text).toContain('--hostpci0')
    expect(definition.check(alone)).toContainEqual(
      expect.objectContaining({
        code: 'definition-user',
        status: 'fail',
        fix: expect.objectContaining({ text: expect.stringContaining('adduser NAME') as string }) as object,
      }),
    )
    expect(proxmoxLines(situation(facts, { cards: { units: [] } }))).toBeNull()
  })

  it('are on no other host', async () => {
    expect(definition.hostText?.(situation(await paperFacts(), RESERVED))).toBeNull()
  })
})

it('Packages are those of the distribution', async () => {
  expect(packageOf(await host(), 'uefi')).toContain('pve-edk2-firmware')
  expect(packageOf(await host(), 'qemu')).toContain('pve-qemu-kvm')
  expect(packageOf(await paperFacts(), 'uefi')).toContain('edk2-ovmf')
})
