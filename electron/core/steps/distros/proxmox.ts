import type { Situation } from '#core/situation.ts'
import { shellQuote } from '#shared/base/shell-quote.ts'
import { isGpu } from '#shared/facts/pci.ts'
import { passedFunctions, type TakenUnit } from '#shared/units/unit-view.ts'
import type { HostText } from '#shared/wizard/host-text.ts'

/** Where Proxmox VE looks for a ROM file (qm(1), romfile). */
const ROMS = '/usr/share/kvm'

/**
 * Returns the lines that give the chosen units to a VM of Proxmox VE; null while none is chosen. The arguments are those
 * of qm(1): `pcie` needs q35, and all functions of a slot go by the slot.
 */
export function proxmoxLines({ taken, choices }: Situation): HostText | null {
  if (taken.length === 0) return null
  const bios = choices.definition.bios === true
  const lines = [
    '# The number of your VM:',
    'vm=100',
    `qm set "$vm" --machine q35 --bios ${bios ? 'seabios' : 'ovmf'} --cpu host`,
    ...(bios
      ? []
      : [
          '# Only if it has no disk for its UEFI variables yet; local-lvm is the storage:',
          '#qm set "$vm" --efidisk0 local-lvm:1,efitype=4m,pre-enrolled-keys=1',
        ]),
    ...romCopies(choices.definition.roms),
    ...taken.map((unit, index) => `qm set "$vm" --hostpci${index} ${shellQuote(device(unit, choices.definition))}`),
  ]
  return { title: 'For a VM of Proxmox VE', about: ABOUT, text: `${lines.join('\n')}\n` }
}

const ABOUT =
  'Proxmox VE has VMs of its own, and these lines give one of them the same card: run them as root on a terminal, with its number. A card is in one running VM at a time, whoever started it. Written from qm(1), not run on a real Proxmox VE.'

type Chosen = Situation['choices']['definition']

function device(unit: TakenUnit, { roms, screen }: Chosen): string {
  const rom = roms.find(({ address }) => address === unit.address)
  const lead = unit.functions.find(({ address }) => address === unit.address)
  const only = lead !== undefined && isGpu(lead) && screen === false
  return [
    functionsOf(unit),
    'pcie=1',
    ...(only ? ['x-vga=1'] : []),
    ...(rom === undefined ? [] : [rom.file === null ? 'rombar=0' : `romfile=${nameOf(rom.file)}`]),
  ].join(',')
}

/** A slot stands for all its functions; functions of several slots are named one by one. */
function functionsOf(unit: TakenUnit): string {
  const addresses = passedFunctions(unit).map(({ address }) => address)
  const slots = new Set(addresses.map((address) => address.slice(0, -2)))
  const [slot] = slots
  // A virtual function's neighbours in its slot are no part of it.
  return slots.size === 1 && slot !== undefined && addresses.length > 1 ? slot : addresses.join(';')
}

function romCopies(roms: Chosen['roms']): string[] {
  return roms.flatMap(({ file }) =>
    file === null ? [] : [`cp ${shellQuote(file)} ${shellQuote(`${ROMS}/${nameOf(file)}`)}`],
  )
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
