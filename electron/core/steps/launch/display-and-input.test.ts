import { describe, expect, it } from 'vitest'
import { defineVm } from '#core/definition/definition.ts'
import { lastKeyboard } from '#core/definition/devices/usb.ts'
import { viewerCommand } from '#core/definition/display/viewer-command.ts'
import { situationOf } from '#core/situation.ts'
import { cardsOf } from '#core/units/units.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { vmMac } from '#shared/facts/network.ts'
import { choosing, type Chosen, reserving } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { definition } from '../definition/definition.ts'
import { peripheralsNeeds } from '../definition/peripherals-needs.ts'
import { launch } from './launch.ts'

const KEYBOARD = { port: '1-1.2', vendorId: '046d', productId: 'c31c' }
const EVDEV = '/dev/input/by-id/usb-Logitech_USB_Keyboard-event-kbd'

function choices(chosen: Chosen): Choices {
  return choosing({
    ...chosen,
    cards: reserving('0000:04:00.0'),
    definition: { profile: 'windows-10', screen: false, ...chosen.definition },
  })
}

/** Status of the two findings, and the words of the first. */
function judged(facts: Facts, chosen: Chosen) {
  const found = launch.check(situationOf(facts, choices(chosen)))
  const [see, type] = ['launch-see', 'launch-type'].map((code) => found.find((finding) => finding.code === code))
  return { see: see?.status ?? null, type: type?.status ?? null, words: see?.text ?? '' }
}

/** The program that shows the guest, with its arguments; null: none does. */
function opened(facts: Facts, chosen: Chosen): string | null {
  const definition = defineVm(facts, choices(chosen), cardsOf(facts).slice(0, 1), null)
  const see = choices(chosen).launch.see
  const command = definition === null ? null : viewerCommand(definition, facts.peripherals.viewers, see)
  return command === null ? null : [command.name, ...command.args].join(' ')
}

/** The card on vfio-pci: its connectors cannot be read any more. */
function dark(facts: Facts): Facts {
  return { ...facts, devices: facts.devices.map((device) => ({ ...device, connectors: [] })) }
}

describe('step 9, display and input', () => {
  it('asks for neither with the proof guest', async () => {
    expect(judged(await paperFacts(), { definition: { profile: 'proof-guest' } })).toMatchObject({
      see: null,
      type: null,
    })
  })

  it('accepts the VM’s own screen for the installation', async () => {
    expect(judged(await paperFacts(), { definition: { screen: true } })).toMatchObject({ see: 'pass', type: 'pass' })
  })

  it('accepts a monitor on the card as display, and asks for a keyboard', async () => {
    expect(judged(await paperFacts(), {})).toMatchObject({ see: 'pass', type: 'fail' })
    expect(judged(await paperFacts(), { definition: { usb: [KEYBOARD] } })).toMatchObject({ see: 'pass', type: 'pass' })
    expect(judged(await paperFacts(), { definition: { evdev: [EVDEV] } })).toMatchObject({ see: 'pass', type: 'pass' })
  })

  it('is unknown for a card whose connectors were never read', async () => {
    const facts = dark(await paperFacts())
    expect(judged(facts, {})).toMatchObject({ see: 'fail', type: 'fail' })
    // What cannot be checked is no pass.
    expect(judged(facts, { launch: { see: 'monitor' } })).toMatchObject({ see: 'warn' })
  })

  it('uses the connectors the host last saw, for that card only', async () => {
    const facts = dark(await paperFacts())
    const seen = { at: '2026-01-01T00:00:00.000Z', list: [{ name: 'DP-2', connected: true }] }
    const proofs = { ...facts.proofs, connectors: [{ ...seen, address: '0000:04:00.0' }] }
    expect(judged({ ...facts, proofs }, {})).toMatchObject({
      see: 'pass',
      words: expect.stringContaining('DP-2') as string,
    })
    const other = { ...facts.proofs, connectors: [{ ...seen, address: '0000:05:00.0' }] }
    expect(judged({ ...facts, proofs: other }, {})).toMatchObject({ see: 'fail' })
    expect(judged({ ...facts, proofs }, { launch: { see: 'monitor', connector: 'DP-1' } })).toMatchObject({
      see: 'fail',
    })
  })

  it.each(['sunshine', 'rdp', 'anyware'] as const)('asks for a network that others reach with %s', async (see) => {
    const facts = await paperFacts()
    expect(judged(facts, { launch: { see } })).toMatchObject({ see: 'fail', type: 'pass' })
    expect(judged(facts, { launch: { see }, network: { mode: 'new-bridge' } })).toMatchObject({
      see: 'pass',
      type: 'pass',
    })
  })

  it('asks for shared memory and a viewer with Looking Glass, which brings a keyboard', async () => {
    const facts = await paperFacts()
    const lookingGlass = { width: 1920, height: 1080 }
    const launchChoice = { see: 'looking-glass' } as const
    expect(judged(facts, { launch: launchChoice })).toMatchObject({ see: 'fail', type: 'pass' })
    const there = { ...facts, peripherals: { ...facts.peripherals, viewers: ['looking-glass-client'] } }
    const chosen = { launch: launchChoice, definition: { lookingGlass } }
    expect(judged(facts, chosen)).toMatchObject({
      see: 'fail',
      words: expect.stringContaining('not installed') as string,
    })
    expect(judged(there, chosen)).toMatchObject({ see: 'pass', type: 'pass' })
  })

  it('takes Looking Glass with SPICE and without, and SPICE as viewer of the VM’s screen', async () => {
    const paper = await paperFacts()
    if (paper.qemu === null || isUnknown(paper.qemu)) throw new Error('the paper has a QEMU')
    const viewers = ['looking-glass-client', 'remote-viewer']
    const peripherals = { ...paper.peripherals, viewers }
    const without = { ...paper, peripherals, qemu: { ...paper.qemu, audio: ['pa'] } }
    const facts = { ...without, qemu: { ...without.qemu, audio: ['pa', 'spice'] } }
    const glass = {
      definition: { lookingGlass: { width: 1920, height: 1080 } },
      launch: { see: 'looking-glass' },
    } as const
    expect(judged(facts, glass)).toMatchObject({ see: 'pass', type: 'pass' })
    expect(judged(without, glass)).toMatchObject({ see: 'pass', type: 'pass' })
    expect(opened(facts, glass)).toBe(
      'looking-glass-client -f /run/passthrough-studio/vms/designer/looking-glass -c /run/passthrough-studio/vms/designer/spice.sock -p 0',
    )
    expect(opened(without, glass)).toBe('looking-glass-client -f /run/passthrough-studio/vms/designer/looking-glass -s')
    const viewer = { definition: { screen: true, spice: true }, launch: { see: 'spice' } } as const
    expect(judged(facts, viewer)).toMatchObject({ see: 'pass', type: 'pass' })
    expect(opened(facts, viewer)).toBe('remote-viewer spice+unix:///run/passthrough-studio/vms/designer/spice.sock')
    expect(judged(without, viewer)).toMatchObject({ see: 'fail' })
    expect(judged({ ...facts, peripherals: { ...peripherals, viewers: [] } }, viewer)).toMatchObject({ see: 'fail' })
    expect(opened(facts, { definition: { screen: true } })).toBeNull()
    // A VM that could be seen in both ways is seen in the chosen one.
    const both = { ...glass.definition, screen: true }
    expect(opened(facts, { definition: both, launch: { see: 'spice' } })).toMatch(/^remote-viewer /u)
    expect(opened(facts, { definition: both })).toMatch(/^looking-glass-client /u)
  })

  it('accepts that nobody sees the guest, and says so', async () => {
    expect(judged(await paperFacts(), { launch: { see: 'nobody' } })).toMatchObject({ see: 'warn', type: 'warn' })
  })
})

describe('a peripheral of the host', () => {
  it('asks for its port to be typed when it is the last keyboard', async () => {
    const facts = await paperFacts()
    const body = definition.plan(situationOf(facts, choices({ definition: { usb: [KEYBOARD] } })))
    expect(body.confirm).toMatchObject({ type: '1-1.2' })
    expect(definition.plan(situationOf(facts, choices({ definition: { evdev: [EVDEV] } }))).confirm).toBeNull()
    const second = {
      name: 'AT',
      kind: 'keyboard',
      node: '/dev/input/event9',
      path: null,
      usbPort: null,
      nodeUid: 0,
    } as const
    const two = { ...facts, peripherals: { ...facts.peripherals, input: [second] } }
    expect(lastKeyboard(two, { usb: [KEYBOARD] })).toBeNull()
    // Not knowing the others, none may be counted on.
    const unread = { ...facts, peripherals: { ...facts.peripherals, input: { unknown: 'no' } } }
    expect(lastKeyboard(unread, { usb: [KEYBOARD] })?.port).toBe('1-1.2')
  })

  it('is refused where the host needs it or it is missing', async () => {
    const facts = await paperFacts()
    const root = { kind: 'device', path: '/dev/disk/by-id/ata-Samsung_SSD_850_EVO_500GB' } as const
    const judge = (part: Partial<Choices['definition']>) =>
      peripheralsNeeds(facts, choices({ definition: part })).map(({ code, status }) => `${code} ${status}`)
    expect(judge({ disk: root })).toEqual(['definition-disk fail'])
    expect(judge({ evdev: ['/dev/input/by-id/gone'] })).toEqual(['definition-input fail'])
    expect(judge({ usb: [{ ...KEYBOARD, productId: 'ffff' }] })).toEqual(['definition-usb warn'])
    expect(judge({ usb: [KEYBOARD], evdev: [EVDEV] })).toContain('definition-input fail')
  })

  it('is unknown, not refused and not passed, where it cannot be read', async () => {
    const facts = await paperFacts()
    const no = { unknown: 'EACCES' }
    const dull = { ...facts, peripherals: { ...facts.peripherals, usb: no, input: no, disks: no } }
    const disk = { kind: 'device', path: '/dev/disk/by-id/x' } as const
    const found = peripheralsNeeds(dull, choices({ definition: { usb: [KEYBOARD], evdev: [EVDEV], disk } }))
    expect(found.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown'])
  })
})

describe('the VM’s definition', () => {
  it('gives SeaBIOS the card as VGA once QEMU’s own screen is off', async () => {
    const facts = await paperFacts()
    const card = cardsOf(facts).slice(0, 1)
    const vga = (part: Partial<Choices['definition']>) =>
      defineVm(facts, choices({ definition: part }), card, null)?.legacyVga
    expect([
      vga({ bios: true }),
      vga({ bios: true, screen: true }),
      vga({}),
      vga({ bios: true, profile: 'windows-11' }),
    ]).toEqual([true, false, false, false])
  })

  it('uses kvmfr’s memory where the picture fits into it', async () => {
    const facts = await paperFacts()
    const card = cardsOf(facts).slice(0, 1)
    const lookingGlass = { width: 1920, height: 1080 }
    const shared = (sizeMiB: number) => {
      const plugged = { ...facts.peripherals, kvmfr: { sizeMiB, nodeUid: 0 } }
      const { lookingGlassMiB, kvmfr } =
        defineVm({ ...facts, peripherals: plugged }, choices({ definition: { lookingGlass } }), card, null) ?? {}
      return { lookingGlassMiB, kvmfr }
    }
    expect(shared(128)).toEqual({ lookingGlassMiB: 128, kvmfr: true })
    expect(shared(16)).toEqual({ lookingGlassMiB: 32, kvmfr: false })
  })

  it('gives each VM of each host a MAC address of its own, always the same', () => {
    const all = ['ws-07', 'ws-08'].flatMap((host) => ['designer', 'renderer'].map((name) => vmMac(host, name)))
    expect(new Set(all).size).toBe(4)
    expect(vmMac('ws-07', 'designer')).toBe(all[0])
    for (const mac of all) expect(mac).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/u)
  })
})
