import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { openPage } from '#renderer/state/view-store.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import type { DriversView } from '#shared/ipc/driver-row.ts'
import { FunctionCell, NextCell, StandingCell } from './cells.tsx'
import { Leftovers } from './leftovers.tsx'

const WIDTHS = ['22%', '18%', '60%']
const PLANNED_WIDTHS = ['19%', '15%', '26%', '14%', '26%']

const LOOK = {
  tableLayout: 'fixed',
  '& tbody td, & tbody th': { verticalAlign: 'top', py: 1 },
  '& thead th, & thead td': { border: 0, pb: 0 },
  '& thead tr:last-of-type th': { borderBottom: 1, borderColor: 'divider', color: 'text.secondary', pb: 0.5 },
} as const

/** Who drives the chosen card and its IOMMU group: now, at the next boot, and both after step 5. */
export function DriversPanel() {
  const view = useDrivers()
  if (view === null) return <Panel title="Drivers" about="Looking at the drivers." children={null} />
  if (view.card === null) return <NoCard leftovers={view.leftovers} />
  const about = `${view.card} and all that shares its IOMMU group. ${view.plan}`
  const tools = (
    <Button variant="outlined" color="inherit" onClick={() => openPage('bind')}>
      Go to step 5
    </Button>
  )
  return (
    <Panel title="Drivers" about={about} tools={tools}>
      <DriverTable view={view} />
      <Leftovers leftovers={view.leftovers} />
    </Panel>
  )
}

/** Follows the host and every choice, since any of them may change the plan; null until main has answered. */
function useDrivers(): DriversView | null {
  const { checkedAt, choices } = useSnapshot('checkedAt', 'choices')
  const chosen = JSON.stringify(choices)
  return useCall('hardware.drivers', `${checkedAt} ${chosen}`)
}

function NoCard({ leftovers }: Pick<DriversView, 'leftovers'>) {
  const tools = (
    <Button variant="outlined" color="inherit" onClick={() => openPage('cards')}>
      Go to step 4
    </Button>
  )
  return (
    <Panel title="Drivers" about="Who drives the chosen card, now and after the next boot." tools={tools}>
      <Typography variant="body2">
        No card is chosen yet. Step 4 chooses one; its drivers are then listed here.
      </Typography>
      <Leftovers leftovers={leftovers} />
    </Panel>
  )
}

/** Two columns as things stand, and the same two after step 5 where it plans something. */
function DriverTable({ view }: { view: DriversView }) {
  const planned = view.rows.some((row) => row.planned !== null)
  const heads = ['Function', 'Today', 'At the next boot', ...(planned ? ['At once', 'At the next boot'] : [])]
  return (
    <Table size="small" aria-label="Drivers" sx={LOOK}>
      <colgroup>
        {(planned ? PLANNED_WIDTHS : WIDTHS).map((width, index) => (
          <col key={index} style={{ width }} />
        ))}
      </colgroup>
      <TableHead>
        {planned ? (
          <TableRow>
            <TableCell component="td" />
            <TableCell colSpan={2} scope="colgroup">
              As it stands
            </TableCell>
            <TableCell colSpan={2} scope="colgroup">
              After step 5
            </TableCell>
          </TableRow>
        ) : null}
        <TableRow>
          {heads.map((head, index) => (
            <TableCell key={index}>{head}</TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {view.rows.map((row) => (
          <TableRow key={row.address}>
            <FunctionCell row={row} />
            <StandingCell standing={row.today} />
            <NextCell row={row} next={row.nextBoot} when="at the next boot" />
            {row.planned === null ? null : (
              <>
                <StandingCell standing={row.planned} before={row.today.driver} />
                <NextCell row={row} next={row.planned.nextBoot} before={row.nextBoot.driver} when="after step 5" />
              </>
            )}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
