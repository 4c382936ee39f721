import Typography from '@mui/material/Typography'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { shortAddress } from '#shared/facts/pci.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { Fold } from './definition/fold.tsx'
import { LostUnits } from './lost-units.tsx'
import { reservedUnits } from './reservation.ts'
import { UnitRow } from './unit-row.tsx'
import { VirtualFunctions } from './virtual-functions.tsx'

/** Step 4: which cards and other devices the host does without, and how each is kept for VMs. */
export function CardsChoices() {
  const { cards } = useSnapshot('cards')
  return (
    <>
      <LostUnits />
      {cards.length === 0 ? <Typography variant="body2">No card was found.</Typography> : null}
      {cards.map((card) => (
        <UnitRow key={card.address} unit={ofCard(card)}>
          {['blocked', 'unknown'].includes(card.verdict.status) ? (
            <Typography variant="caption" component="div">
              {card.verdict.reasons[0]?.text}
            </Typography>
          ) : null}
          {card.functions.map((device) => (
            <Typography key={device.address} variant="caption" color="text.secondary" component="div">
              <Mono>
                {shortAddress(device.address)} {device.vendorId}:{device.deviceId}
              </Mono>{' '}
              {device.name ?? 'unknown device'}
              {device.board === null ? '' : `, ${device.board}`} · {device.driver ?? 'no driver'}
            </Typography>
          ))}
        </UnitRow>
      ))}
      <FurtherUnits />
      <VirtualFunctions />
    </>
  )
}

function ofCard({ functions, verdict, ...card }: UnitView) {
  return { ...card, functions: functions.map(({ address }) => address), status: verdict.status }
}

/** USB controllers, disks, PCoIP host cards and whatever else VMs could have beside a card. */
function FurtherUnits() {
  const { furtherUnits, choices, reserved } = useSnapshot('furtherUnits', 'choices', 'reserved')
  const mine = reservedUnits({ choices, reserved })
  const chosen = furtherUnits.filter(({ functions }) => mine.some(({ address }) => functions.includes(address)))
  if (furtherUnits.length === 0) return null
  return (
    <Fold title="Further devices" state={chosen.length === 0 ? 'none' : `${chosen.length} chosen`}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        A whole USB controller with all that is plugged into it, a disk controller, a PCoIP host card: a VM can have
        them beside its card.
      </Typography>
      {furtherUnits.map((unit) => (
        <UnitRow key={unit.address} unit={{ ...unit, name: unit.title }}>
          <Typography variant="caption" color="text.secondary" component="div">
            {unit.text}
          </Typography>
        </UnitRow>
      ))}
    </Fold>
  )
}
