import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineVm } from '#core/definition/definition.ts'
import { addressesToday } from '#core/definition/hardware/addresses-today.ts'
import { hostSlots } from '#core/definition/hardware/root-bus.ts'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { cardsOf, unitsOf } from '#core/units/units.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { anyChoices } from '../any-choices.ts'
import { realQemu, workstation } from '../workstation.ts'
import { guestDevices } from './guest-devices.ts'

type Chosen = Partial<Choices['definition']>

const qemu = await realQemu()
const facts = await workstation(qemu)
const [card, ...devices] = unitsOf(facts, cardsOf(facts))
const [near, far] = devices.filter(({ functions }) => functions.length === 1)
if (card === undefined || near === undefined || far === undefined) throw new Error('the paper has a card and devices')
const BOTH = [near, far]

const small = { name: 'designer', memoryMiB: 512, vcpus: 2, tpm: false } as const
const disk = { kind: 'new', format: 'raw', sizeGiB: 1 } as const
const lookingGlass = { width: 1920, height: 1080 }
const usb = [{ port: '7-3.1', vendorId: '046d', productId: 'c31c' }]

interface Wish {
  chosen: Chosen
  extras?: typeof BOTH
  mode?: 'user' | 'bridge'
}

function define({ chosen, extras = [], mode = 'user' }: Wish, written: VmDefinition | null): VmDefinition {
  const choices = choosing({ definition: { ...small, ...chosen }, network: { mode } })
  return (
    defineVm(
      facts,
      choices,
      [card, ...extras].flatMap((unit) => unit ?? []),
      written,
    ) ?? expect.fail()
  )
}

/** What Windows setup has a driver for, and what others draw on: one of both is the screen. */
const SCREENS = new Set(['1234:1111', '1af4:1050'])

/** Where each device is on this QEMU, ports by the slot of the host that is behind them. */
async function whereIn(vm: VmDefinition): Promise<Record<string, string>> {
  const ports = { card: hostSlots(vm.functions), extra: hostSlots(vm.extraDevices) }
  const found = Object.entries(await guestDevices(vm, qemu))
  return Object.fromEntries(
    found.map(([name, address]) => {
      const [, kind, index] = /^(card|extra)(\d+)$/u.exec(name) ?? []
      if (kind !== 'card' && kind !== 'extra') return [SCREENS.has(name) ? 'screen' : name, address]
      return [ports[kind][Number(index)] ?? name, address]
    }),
  )
}

/** What a VM of before had: nothing kept, QEMU gave all of it in turn. */
function fromBefore(wish: Wish): VmDefinition {
  const older = {
    ...wish,
    chosen: { ...wish.chosen, diskBus: 'virtio-blk' as const, moreDisks: [], moreNics: [], sharedFolders: [] },
  }
  return { ...define(older, null), uuid: null, addresses: {}, network: { kind: 'user' } }
}

const PROFILES = ['proof-guest', 'windows-11', 'windows-10', 'linux'] as const

/** One option each, ticked or unticked, against a VM that has the rest. */
const moreNics = [
  { number: 2, model: 'e1000e' as const, bridge: null },
  { number: 3, model: 'e1000e' as const, bridge: 'br-lab' },
]
const FULL: Wish = { chosen: { profile: 'linux', disk, usb, lookingGlass, audio: 'pa' }, extras: BOTH }
const folders = [1, 2].map((number) => ({ number, directory: '/srv', tag: `folder${number}`, readOnly: true }))
const SHARING: Wish = { ...FULL, chosen: { ...FULL.chosen, sharedFolders: folders } }
const WIRED: Wish = { ...FULL, chosen: { ...FULL.chosen, moreNics } }
const LEAN: Wish = { chosen: { profile: 'linux', disk, screen: false, spice: false } }
const installed = {
  ...LEAN,
  chosen: { ...LEAN.chosen, profile: 'windows-10', installIso: `${vmPaths(small.name).home}/install.iso` },
} as const
const second = { number: 2, bus: 'virtio-blk', disk } as const
const third = { number: 3, bus: 'nvme', disk } as const
const DISKS: Wish = { ...FULL, chosen: { ...FULL.chosen, diskBus: 'sata', moreDisks: [second, third] } }
const TOGGLES: readonly [string, Wish, Wish][] = [
  ['the screen off', FULL, { ...FULL, chosen: { ...FULL.chosen, screen: false } }],
  ['sound off', FULL, { ...FULL, chosen: { ...FULL.chosen, audio: 'none' } }],
  ['Looking Glass off', FULL, { ...FULL, chosen: { ...FULL.chosen, lookingGlass: null } }],
  ['a USB device left out', FULL, { ...FULL, chosen: { ...FULL.chosen, usb: [] } }],
  [
    'screen and USB off, and with them the controller',
    FULL,
    { ...FULL, chosen: { ...FULL.chosen, usb: [], screen: false } },
  ],
  ['the first of two further devices left out', FULL, { ...FULL, extras: [far] }],
  ['both further devices left out', FULL, { ...FULL, extras: [] }],
  ['the bridge instead of the private network', FULL, { ...FULL, mode: 'bridge' }],
  ['the screen on', LEAN, { chosen: { ...LEAN.chosen, screen: true } }],
  ['sound on', LEAN, { chosen: { ...LEAN.chosen, audio: 'alsa' } }],
  ['Looking Glass on', LEAN, { chosen: { ...LEAN.chosen, lookingGlass } }],
  [
    'Looking Glass on, without the console’s pointer and its controller then',
    { chosen: { ...LEAN.chosen, screen: true } },
    { chosen: { ...LEAN.chosen, screen: true, lookingGlass } },
  ],
  ['a USB device taken along', LEAN, { chosen: { ...LEAN.chosen, usb } }],
  ['two further devices taken along', LEAN, { ...LEAN, extras: BOTH }],
  ['the disk on SCSI', FULL, { ...FULL, chosen: { ...FULL.chosen, diskBus: 'virtio-scsi' } }],
  [
    'the disk on SATA, and one more on NVMe',
    FULL,
    { ...FULL, chosen: { ...FULL.chosen, diskBus: 'sata', moreDisks: [third] } },
  ],
  ['the second of three disks left out', DISKS, { ...DISKS, chosen: { ...DISKS.chosen, moreDisks: [third] } }],
  ['a second network card', LEAN, { chosen: { ...LEAN.chosen, moreNics: moreNics.slice(0, 1) } }],
  ['three network cards', FULL, WIRED],
  [
    'the second of three network cards left out',
    WIRED,
    { ...WIRED, chosen: { ...FULL.chosen, moreNics: moreNics.slice(1) } },
  ],
  ['a shared folder', LEAN, { chosen: { ...LEAN.chosen, sharedFolders: folders.slice(0, 1) } }],
  [
    'one of two shared folders left out',
    SHARING,
    { ...SHARING, chosen: { ...FULL.chosen, sharedFolders: folders.slice(1) } },
  ],
  ['huge pages', LEAN, { chosen: { ...LEAN.chosen, hugePages: true } }],
  ['huge pages of 1 GiB', FULL, { ...FULL, chosen: { ...FULL.chosen, hugePages: true, hugePageMiB: 1024 } }],
  ['no pinned processors', FULL, { ...FULL, chosen: { ...FULL.chosen, pin: false } }],
  ['other processors', LEAN, { chosen: { ...LEAN.chosen, processors: '3-4,17-18' } }],
  ['SeaBIOS instead of UEFI', LEAN, { chosen: { ...LEAN.chosen, bios: true } }],
  [
    'what certain cards need',
    FULL,
    { ...FULL, chosen: { ...FULL.chosen, physBits: 39, mmioWindowMiB: 65_536, hideHypervisor: true } },
  ],
  ['an extra device', FULL, { ...FULL, chosen: { ...FULL.chosen, extraArguments: ['-device i6300esb'] } }],
  [
    'Windows that installs itself',
    installed,
    { ...installed, chosen: { ...installed.chosen, answers: setupAnswers.parse({}) } },
  ],
  ['Windows instead of Linux', FULL, { ...FULL, chosen: { ...FULL.chosen, profile: 'windows-10' } }],
]

describe(`PCI addresses in the guest, as QEMU ${qemu.version} tells them`, () => {
  it.each(PROFILES)('are for %s those that vm.json has, all of it accepted', async (profile) => {
    const vm = define({ chosen: { profile, disk, lookingGlass, usb, audio: 'pa' }, extras: BOTH }, null)
    const given = Object.values(await whereIn(vm)).filter((address) => !/^00:(?:00|1f)/u.test(address))
    expect(given.length).toBeGreaterThan(5)
    expect(new Set(given).size).toBe(given.length)
    for (const address of given) expect(Object.values(vm.addresses)).toContain(address)
    expect(await whereIn(vm)).toMatchObject(
      Object.fromEntries(hostSlots(vm.functions).map((slot) => [slot, vm.addresses[slot]])),
    )
  })

  it.each([
    ['with everything', FULL],
    ['with little', LEAN],
    ['Windows', { ...FULL, chosen: { ...FULL.chosen, profile: 'windows-10' } } as const],
    ['the proof guest', { chosen: { profile: 'proof-guest' } } as const],
    ['the proof guest without a screen', { chosen: { profile: 'proof-guest', screen: false }, extras: BOTH } as const],
  ])('stay what they are for a VM of before, %s', async (_, wish: Wish) => {
    const before = fromBefore(wish)
    const real = await whereIn(before)
    const own = Object.values(real).filter((address) => !/^00:(?:00|1f)/u.test(address))
    expect(Object.values(addressesToday(before, qemu)).sort()).toEqual(own.sort())
    const now = define(wish, before)
    expect(await whereIn(now)).toEqual(real)
    expect(now).toMatchObject({ uuid: null, network: { kind: 'user' }, machine: before.machine })
    // The proof guest had no network card.
    if (before.profile !== 'proof-guest') expect(now.network).not.toHaveProperty('mac')
  })

  it('are told of a VM that has the disc with answers indeed', () => {
    expect(define({ chosen: { ...installed.chosen, answers: setupAnswers.parse({}) } }, null).answers).toBeDefined()
  })

  it.each(TOGGLES)(
    'of all others stay where they are, whether the VM is new or of before: %s',
    async (_, wish, other) => {
      for (const written of [define(wish, null), fromBefore(wish)]) {
        const before = await whereIn(written)
        const after = await whereIn(define(other, written))
        const both = Object.keys(before).filter((name) => name in after)
        expect(both.length).toBeGreaterThan(2)
        for (const name of both) expect([name, after[name]]).toEqual([name, before[name]])
        const came = Object.keys(after).filter((name) => !(name in before))
        for (const name of came) expect(Object.values(before)).not.toContain(after[name])
      }
    },
  )
})

describe('addresses that vm.json keeps', () => {
  const addressOf = (vm: VmDefinition) => vm.addresses
  const wishes = fc.array(
    fc.record({
      chosen: anyChoices.map(({ definition }) => ({ ...definition, name: 'designer' })),
      extras: fc.subarray(BOTH),
    }),
    { minLength: 2, maxLength: 6 },
  )

  it('never change and never pass to another device, whatever is chosen in whatever order', () => {
    fc.assert(
      fc.property(wishes, fc.boolean(), (chosen, old) => {
        const [first, ...others] = chosen
        if (first === undefined) return
        let vm = define(first, old ? fromBefore(first) : null)
        let known = { ...addressOf(vm) }
        for (const wish of others) {
          const next = define(wish, vm)
          expect(addressOf(next)).toMatchObject(known)
          expect(new Set(Object.values(addressOf(next))).size).toBe(Object.keys(addressOf(next)).length)
          expect([next.uuid, next.machine]).toEqual([vm.uuid, vm.machine])
          vm = next
          known = { ...addressOf(next) }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('leave chassis and slot of a port alone when another is gone', () => {
    const both = define(FULL, null)
    const portOf = (vm: VmDefinition, id: string) =>
      flatten(vmArguments(vm, qemu, true)).find((word) => word.startsWith(`pcie-root-port,id=${id},`))
    const one = define({ ...FULL, extras: [far] }, both)
    expect(portOf(one, 'extra0')).toBe(portOf(both, 'extra1')?.replace('extra1', 'extra0'))
    expect(portOf(define(FULL, one), 'extra1')).toBe(portOf(both, 'extra1'))
  })

  it('pass to the card that takes the place of the former one', () => {
    const vm = define(LEAN, null)
    const moved = {
      ...card,
      functions: card.functions.map((device) => ({
        ...device,
        address: device.address.replace(/^0000:0./u, '0000:0f'),
      })),
    }
    const next = defineVm(facts, choosing({ definition: { ...small, ...LEAN.chosen } }), [moved], vm) ?? expect.fail()
    const [former, now] = [hostSlots(vm.functions)[0] ?? '', hostSlots(next.functions)[0] ?? '']
    expect(now).not.toBe(former)
    expect(next.addresses[now]).toBe(vm.addresses[former])
    expect(next.addresses[former]).toBeUndefined()
  })
})
