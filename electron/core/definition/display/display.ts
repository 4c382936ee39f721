import { isUnknown } from '#shared/base/unknown.ts'
import type { DisplayMethod, DisplayView } from '#shared/wizard/display.ts'
import { isPcoipCard } from '../devices/controllers.ts'
import { connectorsOf, type DisplayContext } from './display-context.ts'
import { seeingOptions } from './display-options.ts'

/** Ways to see the guest with what each needs, and who can type. */
export function displayView(sight: DisplayContext): DisplayView {
  const { card, facts } = sight
  const { connectors, seenAt } = connectorsOf(facts, card)
  return {
    options: seeingOptions(sight),
    decided: decideDisplay(sight),
    connectors,
    connectorsSeenAt: seenAt,
    typing: typing(sight),
  }
}

/** The chosen way, else the console while the VM has a screen of its own, else a monitor that is there. Null: none. */
export function decideDisplay({ choices, definition, facts, card }: DisplayContext): DisplayView['decided'] {
  const { see } = choices.launch
  if (see !== null) return { id: see, reason: 'As you chose.' }
  if (definition.screen)
    return { id: 'console', reason: 'The VM has a screen of its own for the installation (step 8).' }
  const plugged = connectorsOf(facts, card).connectors.find(({ connected }) => connected)
  return plugged === undefined ? null : { id: 'monitor', reason: `A monitor is on ${plugged.name} of the card.` }
}

/** Everything that types into the guest. */
export function typing(sight: DisplayContext): string[] {
  const { definition, facts } = sight
  const { usb } = facts.peripherals
  const known = isUnknown(usb) ? [] : usb
  const keyboards = definition.usbDevices.flatMap(
    ({ port }) => known.find((one) => one.port === port && one.kinds.includes('keyboard')) ?? [],
  )
  const shared = definition.inputDevices.filter(({ kind }) => kind === 'keyboard')
  const controllers = facts.devices.filter(
    ({ address, classId }) => definition.extraDevices.includes(address) && classId.startsWith('0c03'),
  )
  return [
    ...remoteTyping(sight),
    ...keyboards.map(({ name, port }) => `${name} on USB port ${port}, for the guest alone.`),
    ...shared.map(({ path }) => `${path.split('/').at(-1) ?? path}, in turns: both Ctrl keys hand it over.`),
    ...controllers.map(({ address }) => `What is plugged into the USB controller ${address}.`),
  ]
}

const BRINGS: Readonly<Partial<Record<DisplayMethod, string>>> = {
  console: 'The console’s own keyboard and pointer.',
  spice: 'The SPICE viewer’s keyboard and pointer.',
  sunshine: 'The Moonlight client’s keyboard and mouse.',
  'looking-glass': 'The Looking Glass client’s keyboard and mouse; older versions need SPICE for it.',
  rdp: 'The remote desktop client’s keyboard and mouse.',
  anyware: 'The PCoIP client’s keyboard and mouse.',
}

function remoteTyping(sight: DisplayContext): string[] {
  const way = decideDisplay(sight)?.id
  if (way === undefined) return []
  const passed = sight.facts.devices.some(
    (device) => isPcoipCard(device) && sight.definition.extraDevices.includes(device.address),
  )
  if (way === 'pcoip-card') return passed ? ['The zero client’s keyboard and mouse, through the host card.'] : []
  const words = BRINGS[way]
  return words === undefined ? [] : [words]
}
