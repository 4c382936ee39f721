import { passedFunctions } from '#shared/units/unit-view.ts'
import type { GuestAddresses } from '#shared/vm/options/hardware.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { isProof } from '../machine/profile.ts'
import type { DefineContext } from '../topic.ts'
import { addressesToday } from './addresses-today.ts'
import {
  diskName,
  folderName,
  hostSlots,
  isHostSlot,
  nicName,
  OWN_DEVICES,
  ROOT_SLOTS,
  rootAddress,
} from './root-bus.ts'

/** Disks beside the system disk. */
const FIRST_DISK = 0x0a
/** Network cards beside the first. */
const FIRST_NIC = 0x0d
/** Shared folders, at the end of the bus. */
const FIRST_FOLDER = 0x1b
/** Ports for what is taken of the host begin here in a new VM. */
const FIRST_PORT = 0x10
const SLOTS = Array.from({ length: ROOT_SLOTS }, (_, index) => index + 1)

/**
 * Gives every device that the VM has or may have an address of the guest's root bus. What had one keeps it; what has none
 * gets a free one. An address whose device is gone stays that device's, as long as there is another.
 */
export function decideAddresses({ choices, written, taken, qemu }: DefineContext): GuestAddresses {
  const slots = hostSlots(taken.flatMap(passedFunctions).map(({ address }) => address))
  const first = hostSlots(
    taken
      .slice(0, 1)
      .flatMap(passedFunctions)
      .map(({ address }) => address),
  )
  const known = exchanged(written === null ? {} : keptAddresses(written, qemu), written, { slots, first })
  const given = new Map(Object.entries(known).sort(([one], [other]) => place(one) - place(other)))
  for (const [name, slot] of Object.entries(OWN_DEVICES)) give(given, name, slot, slots)
  const ordered = new Map([...given].sort(([one], [other]) => place(one) - place(other)))
  if (!isProof(choices.definition)) {
    const { moreDisks, moreNics, sharedFolders } = choices.definition
    for (const { number } of moreDisks) give(ordered, diskName(number), FIRST_DISK, slots)
    for (const { number } of moreNics) give(ordered, nicName(number), FIRST_NIC, slots)
    for (const { number } of sharedFolders) give(ordered, folderName(number), FIRST_FOLDER, slots)
  }
  for (const slot of slots) give(ordered, slot, FIRST_PORT, slots)
  return Object.fromEntries(ordered)
}

function keptAddresses(written: VmDefinition, qemu: DefineContext['qemu']): GuestAddresses {
  return Object.keys(written.addresses).length > 0 ? written.addresses : addressesToday(written, qemu)
}

/** QEMU's own devices in a fixed order, units behind them in the one they came in (sort() keeps it). */
function place(name: string): number {
  const at = Object.keys(OWN_DEVICES).indexOf(name)
  return at < 0 ? Number.MAX_SAFE_INTEGER : at
}

/** Where the VM's card was exchanged, or moved to another slot of the host, the new one is where the former was. */
function exchanged(
  known: GuestAddresses,
  written: VmDefinition | null,
  { slots, first }: { slots: readonly string[]; first: readonly string[] },
): GuestAddresses {
  const gone = hostSlots(written?.functions ?? []).filter((slot) => !slots.includes(slot))
  const came = first.filter((slot) => known[slot] === undefined)
  const names = new Map(
    gone.flatMap((slot, index) => (came[index] === undefined ? [] : [[slot, came[index]] as const])),
  )
  return Object.fromEntries(Object.entries(known).map(([name, address]) => [names.get(name) ?? name, address]))
}

/** Gives a free slot, the wanted one or the next; with none left, the place of a unit that the VM has not got. */
function give(given: Map<string, string>, name: string, wanted: number, needed: readonly string[]): void {
  if (given.has(name)) return
  const used = new Set(given.values())
  const free = [...SLOTS.slice(wanted - 1), ...SLOTS.slice(0, wanted - 1)].map(rootAddress).find((at) => !used.has(at))
  if (free !== undefined) return void given.set(name, free)
  const unused = [...given].find(([other]) => isHostSlot(other) && !needed.includes(other))
  if (unused === undefined) return
  // In its place among the units too: by that their ports are numbered.
  const renamed = [...given].map(([other, at]): [string, string] => [other === unused[0] ? name : other, at])
  given.clear()
  for (const [other, at] of renamed) given.set(other, at)
}
