import { shortAddress } from '#shared/facts/pci.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import { holdsDevices, type VmStatus } from '#shared/vm/vm.ts'
import type { PictureKind } from './picture-kind.ts'
import type { ScreenState } from './use-screen.ts'

/** What stands where no picture is: what is, and what to do. */
export interface ConsolePlaceholder {
  title: string
  text: string
  /** The one action that helps. */
  action: 'definition' | 'vm' | 'again' | null
}

const NONE: Readonly<Record<Extract<ScreenState, { kind: 'none' }>['why'], Omit<ConsolePlaceholder, 'action'>>> = {
  simulated: {
    title: 'Simulated: no guest really runs.',
    text: 'With a real VM this is its screen: firmware, installer and desktop, with your keyboard and mouse.',
  },
  'card-only': {
    title: 'This VM has no screen but the card’s.',
    text: 'Its picture is on the monitor at the card. Step 8 can add a screen for the next start.',
  },
}

/** Words for a VM that shows nothing here; null: the line is open. */
export function consolePlaceholder(vm: VmStatus | null, screen: ScreenState): ConsolePlaceholder | null {
  if (vm === null)
    return { title: 'There is no VM yet.', text: 'It needs a card and a definition.', action: 'definition' }
  if (!holdsDevices(vm))
    return { title: 'The VM is off.', text: 'Its screen appears here once it starts.', action: 'vm' }
  if (screen.kind === 'none') return { ...NONE[screen.why], action: screen.why === 'simulated' ? null : 'definition' }
  if (screen.kind === 'ended') return { title: 'The screen is not connected.', text: screen.why, action: 'again' }
  return screen.kind === 'connecting'
    ? { title: 'Connecting to the screen.', text: 'QEMU is asked for it.', action: null }
    : null
}

/** Returns why an open line shows nothing; null: it shows something. */
export function darkWords(kind: PictureKind, vm: VmStatus | null, card: string): string | null {
  if (kind === 'picture') return null
  if (vm?.state === 'starting') return 'The VM is paused before its first instruction, so nothing is drawn yet.'
  return `The guest draws nothing here. Once its driver uses ${card}, the picture is on the monitor at the card.`
}

/** Returns the card that is handed over, by name and address. */
export function cardWords({ definition, cards }: Pick<Snapshot, 'definition' | 'cards'>): string {
  const taken = definition?.units.find((unit) => unit.taken)?.address
  const card = cards.find(({ address }) => address === taken) ?? cards[0]
  return card === undefined ? 'the card' : `${card.name} at ${shortAddress(card.address)}`
}

/** Returns the line under the title. */
export function aboutLine(open: boolean, inGuest: boolean, saved: string | null): string {
  if (!open) return 'The screen, keyboard and mouse of the guest.'
  if (inGuest) return 'The keyboard is in the guest. Ctrl+Alt gives it back.'
  return saved === null ? 'Connected. Click the picture to type in the guest.' : `Saved to ${saved}.`
}
