import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { plural } from '#shared/base/text.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { Fold } from './definition/fold.tsx'

/** More of them than a list is read for; the command line takes any number. */
const MOST = 64

/** Cards that can be many (SR-IOV): each virtual function goes to a VM by itself, and the card stays with the host. */
export function VirtualFunctions() {
  const { virtualCards } = useSnapshot('virtualCards')
  if (virtualCards.length === 0) return null
  const made = virtualCards.reduce((sum, { now }) => sum + now, 0)
  return (
    <Fold title="Virtual functions" state={made === 0 ? 'none' : `${made} made`}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        These can share themselves out: each virtual function goes to a VM like a card of its own, and the card itself
        stays with the host.
      </Typography>
      {virtualCards.map((card) => (
        <HowMany key={card.address} card={card} />
      ))}
    </Fold>
  )
}

function HowMany({ card }: { card: Snapshot['virtualCards'][number] }) {
  const { choices } = useSnapshot('choices')
  const { address, title, driver, total, now } = card
  const chosen = choices.cards.virtualFunctions.find((one) => one.address === address)?.count ?? now
  const most = Math.max(Math.min(total, MOST), chosen)
  return (
    <TextField
      select
      size="small"
      label={`Virtual functions of ${title} at ${shortAddress(address)}`}
      value={String(chosen)}
      disabled={driver === null}
      helperText={driver === null ? 'It has no driver, which alone can make them.' : `${driver} can make ${total}.`}
      onChange={(event) => void choose(withCount(choices, address, Number(event.target.value)))}
      sx={{ mb: 1.5, minWidth: 280 }}
      fullWidth
    >
      {Array.from({ length: most + 1 }, (_, count) => (
        <MenuItem key={count} value={String(count)}>
          {count === 0 ? 'None' : plural(count, 'virtual function')}
        </MenuItem>
      ))}
    </TextField>
  )
}

function withCount(choices: Choices, address: string, count: number): Choices {
  const others = choices.cards.virtualFunctions.filter((one) => one.address !== address)
  return { ...choices, cards: { ...choices.cards, virtualFunctions: [...others, { address, identity: null, count }] } }
}
