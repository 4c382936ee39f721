import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { Findings } from '#renderer/controls/findings.tsx'
import { call } from '#renderer/state/studio-store.ts'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot, useWorking } from '#renderer/state/use-snapshot.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import { Section } from '#renderer/ui/section.tsx'
import type { JournalRow } from '#shared/ipc/snapshot.ts'
import { JournalTable } from './journal-table.tsx'

/** States in which nothing is left to take back. */
const CLOSED: ReadonlySet<JournalRow['state']> = new Set(['taken back', 'left as it is'])

/** Every change ever made to this host, newest first, and the way back from all of them. */
export function JournalPanel() {
  const { checkedAt, phase, journalTroubles } = useSnapshot('checkedAt', 'phase', 'journalTroubles')
  const rows = useCall('changes.journal', checkedAt) ?? []
  const open = rows.filter((row) => !CLOSED.has(row.state)).length
  const working = useWorking()
  const undo = (
    <Button
      variant="outlined"
      color="inherit"
      disabled={working || open === 0}
      onClick={() => void call('plan.undoAll', null)}
    >
      {`Undo everything (${open})`}
    </Button>
  )
  const about = phase.kind === 'undoing' ? phase.text : 'Every change made to this host, newest first.'
  return (
    <Panel title="Journal" about={about} tools={undo}>
      {journalTroubles.length === 0 ? null : (
        <Section title="What is wrong with the journal">
          <Findings findings={journalTroubles} step={null} />
        </Section>
      )}
      <Rows rows={rows} troubled={journalTroubles.length > 0} />
    </Panel>
  )
}

/** What could not be taken back comes first: there is something to do about it. */
function Rows({ rows, troubled }: { rows: readonly JournalRow[]; troubled: boolean }) {
  const left = rows.filter(({ mayBeLeft }) => mayBeLeft)
  const others = rows.filter(({ mayBeLeft }) => !mayBeLeft)
  if (rows.length === 0) return <None troubled={troubled} />
  if (left.length === 0) return <JournalTable name="Journal" rows={rows} />
  return (
    <>
      <Section title={`Could not be taken back (${left.length})`}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1, maxWidth: 720 }}>
          Something stood in the way, so these changes are still on this host. Mend what the reason names, then undo
          again. Or leave a change as it is: undo gives it up, and it counts as yours.
        </Typography>
        <JournalTable name="Could not be taken back" rows={left} withState={false} />
      </Section>
      {others.length === 0 ? null : (
        <Section title="All other changes">
          <JournalTable name="Journal" rows={others} />
        </Section>
      )}
    </>
  )
}

function None({ troubled }: { troubled: boolean }) {
  return (
    <Typography variant="body2">
      {troubled
        ? 'No change can be read from it. That does not mean that there was none.'
        : 'The journal holds no change. Each appears here before it is made.'}
    </Typography>
  )
}
