import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { type ReactNode, useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { Mono, Quote } from '#renderer/ui/mono.tsx'
import { AskFirst } from '#renderer/ui/question.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { size } from '#shared/base/size.ts'
import { type AboutView, type HelperFile, type HelperPlan } from '#shared/ipc/helper-view.ts'
import { staysInForce } from '#shared/plan/in-force.ts'

interface HelperPartProps {
  about: AboutView
  plan: HelperPlan
  onChanged: (about: AboutView) => void
}

/** Exactly what installing a checkout's helper puts where, then the one button; and the way to take it out. */
export function HelperPart({ about, plan, onChanged }: HelperPartProps) {
  const [asking, setAsking] = useState(false)
  const change = async (name: 'app.installHelper' | 'app.removeHelper') => {
    setAsking(true)
    const after = await call(name, null)
    setAsking(false)
    if (after !== null) onChanged(after)
  }
  const present = about.found.some(({ path, fits }) => fits && path === plan.place)
  return (
    <Section title="Helper of this checkout">
      <Typography variant="body2" sx={{ mb: 1.5 }}>
        {present
          ? 'It is installed and belongs to this build. It was put there as follows.'
          : 'A small program that runs as root for one request, after an administrator’s password. Installing puts these files in place, owned by root:'}
      </Typography>
      <Files files={plan.files} />
      <Fold title="What root runs for it">
        <Quote label="Script that installs the helper">{plan.script}</Quote>
      </Fold>
      <Typography variant="body2" color="text.secondary" sx={{ my: 1.5 }}>
        {plan.asks}
      </Typography>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
        {present ? null : (
          <Button variant="contained" disabled={asking} onClick={() => void change('app.installHelper')}>
            {about.removable ? 'Update helper' : 'Install helper'}
          </Button>
        )}
        {about.removable ? (
          <TakeOut inForce={about.inForce} disabled={asking} onYes={() => void change('app.removeHelper')} />
        ) : null}
        <Typography variant="body2" role="status">
          {asking ? 'Waiting for the password, then for root.' : ''}
        </Typography>
      </Box>
    </Section>
  )
}

function TakeOut({ inForce, disabled, onYes }: { inForce: number | null; disabled: boolean; onYes: () => void }) {
  return (
    <AskFirst
      label="Take it out…"
      button={{ variant: 'outlined', color: 'inherit', disabled }}
      title="Take the helper out?"
      yes="Take it out"
      no="Keep it"
      onYes={onYes}
    >
      <Typography variant="body2">This window can then look and change nothing. {staysInForce(inForce)}</Typography>
    </AskFirst>
  )
}

const CELL = { verticalAlign: 'top', overflowWrap: 'anywhere' } as const

function Files({ files }: { files: readonly HelperFile[] }) {
  return (
    <Table size="small" aria-label="Files of the helper">
      <TableHead>
        <TableRow>
          {['File', 'What it is', 'Mode', 'Size', 'SHA-256'].map((head) => (
            <TableCell key={head}>{head}</TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {files.map((file) => (
          <TableRow key={file.path}>
            <TableCell sx={CELL}>
              <Mono>{file.path}</Mono>
            </TableCell>
            <TableCell sx={CELL}>
              {file.what}
              {file.from === null ? (
                <Fold title="Its text">{<Quote label={`Text of ${file.path}`}>{file.text}</Quote>}</Fold>
              ) : (
                <From path={file.from} />
              )}
            </TableCell>
            <TableCell sx={CELL}>{file.mode}</TableCell>
            <TableCell sx={{ ...CELL, whiteSpace: 'nowrap' }}>{size(file.bytes)}</TableCell>
            <TableCell sx={{ ...CELL, whiteSpace: 'nowrap' }} title={file.sha256}>
              <Mono>{file.sha256.slice(0, 10)}…</Mono>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function From({ path }: { path: string }) {
  return (
    <Typography variant="caption" component="div" color="text.secondary">
      copied from <Mono>{path}</Mono>
    </Typography>
  )
}

function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="details" sx={{ mt: 0.5 }}>
      <Box component="summary" sx={{ cursor: 'pointer', fontSize: 12 }}>
        {title}
      </Box>
      {children}
    </Box>
  )
}
