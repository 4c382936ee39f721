import type { DisplayView } from '../../shared/vm/seeing.ts'
import { type Sight, connectorsOf } from './sight.ts'

/** The chosen way, else the console while the VM has a screen of its own, else a monitor that is there. Null: none. */
export function decideSeeing({ choices, definition, facts, card }: Sight): DisplayView['decided'] {
  const { see } = choices.launch
  if (see !== null) return { id: see, reason: 'As you chose.' }
  if (definition.screen)
    return { id: 'console', reason: 'The VM has a screen of its own for the installation (step 8).' }
  const plugged = connectorsOf(facts, card).connectors.find(({ connected }) => connected)
  return plugged === undefined ? null : { id: 'monitor', reason: `A monitor is on ${plugged.name} of the card.` }
}
