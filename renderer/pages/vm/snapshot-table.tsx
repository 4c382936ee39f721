import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Mono } from '#renderer/ui/mono.tsx'
import type { DiskSnapshot } from '#shared/vm/disk-snapshots.ts'
import { GoBackQuestion, RemoveQuestion } from './snapshot-questions.tsx'
import { keptWords } from './snapshot-words.ts'

interface Asking {
  what: 'go-back' | 'remove'
  snapshot: DiskSnapshot
}

interface SnapshotTableProps {
  list: readonly DiskSnapshot[]
  working: boolean
  /** One of the actions is over. */
  after: () => void
}

/** The snapshots, oldest first, each with what it keeps and the two things to be done with it. */
export function SnapshotTable({ list, working, after }: SnapshotTableProps) {
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)
  return (
    <>
      <Table size="small" aria-label="Snapshots">
        <TableHead>
          <TableRow>
            <TableCell>Name</TableCell>
            <TableCell>Taken</TableCell>
            <TableCell>Keeps</TableCell>
            <TableCell align="right">Actions</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {list.map((snapshot, index) => (
            <Row key={index} {...{ snapshot, working }} ask={(what) => setAsking({ what, snapshot })} />
          ))}
        </TableBody>
      </Table>
      {asking?.what === 'go-back' ? <GoBackQuestion snapshot={asking.snapshot} {...{ onClose: close, after }} /> : null}
      {asking?.what === 'remove' ? <RemoveQuestion snapshot={asking.snapshot} {...{ onClose: close, after }} /> : null}
    </>
  )
}

interface RowProps {
  snapshot: DiskSnapshot
  working: boolean
  ask: (what: Asking['what']) => void
}

function Row({ snapshot, working, ask }: RowProps) {
  const { name, at, barred } = snapshot
  return (
    <TableRow hover>
      <TableCell sx={{ overflowWrap: 'anywhere' }}>
        <Mono>{name}</Mono>
        {barred === null ? null : (
          <Typography variant="caption" color="text.secondary" component="div">
            {barred}
          </Typography>
        )}
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{new Date(at).toLocaleString()}</TableCell>
      <TableCell>{keptWords(snapshot)}</TableCell>
      <TableCell align="right" sx={{ whiteSpace: 'nowrap', pr: 0 }}>
        <Act name={name} text="Go back…" disabled={working || barred !== null} act={() => ask('go-back')} />
        <Act name={name} text="Delete…" disabled={working || barred !== null} act={() => ask('remove')} />
      </TableCell>
    </TableRow>
  )
}

interface ActProps {
  name: string
  text: string
  disabled: boolean
  act: () => void
}

function Act({ name, text, disabled, act }: ActProps) {
  return (
    <Button size="small" aria-label={`${text} ${name}`} disabled={disabled} onClick={act} sx={{ minHeight: 24, py: 0 }}>
      {text}
    </Button>
  )
}
