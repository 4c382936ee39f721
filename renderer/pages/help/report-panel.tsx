import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { forgetSaved, makeReport, saveReport, searchParts, useReport } from '#renderer/state/report-store.ts'
import { Mono, Quote } from '#renderer/ui/mono.tsx'
import { Panel } from '#renderer/ui/panel.tsx'
import { Waiting } from '#renderer/ui/waiting.tsx'
import { size } from '#shared/base/size.ts'
import { replacedWords, type ReportPart, type ReportView } from '#shared/ipc/report.ts'
import { ReportParts } from './report-parts.tsx'

/** A report for a person who helps: made here, looked through here, and saved only when asked. */
export function ReportPanel() {
  const { report, working } = useReport()
  const tools = report === null ? null : <Tools working={working} />
  return (
    <Panel
      title="Report"
      about="What this program read of this host, for whoever helps you. Nothing is sent."
      tools={tools}
      fill
    >
      <Saved />
      {working ? <Waiting what="Reading the host anew" /> : null}
      {report === null ? <Blank working={working} /> : <Report report={report} />}
    </Panel>
  )
}

function Tools({ working }: { working: boolean }) {
  return (
    <Box sx={{ display: 'flex', gap: 1, flex: 'none' }}>
      <Button variant="outlined" color="inherit" disabled={working} onClick={() => void makeReport()}>
        Make it again
      </Button>
      <Button variant="contained" disabled={working} onClick={() => void saveReport()}>
        Save the report…
      </Button>
    </Box>
  )
}

function Saved() {
  const savedTo = useReport((store) => store.savedTo)
  if (savedTo === null) return null
  return (
    <Alert severity="success" variant="outlined" sx={{ mb: 2 }} onClose={forgetSaved}>
      Saved to {savedTo}. Whoever gets it replays it with{' '}
      <Mono>passthrough-studio doctor --host dir:{savedTo.split('/').at(-1)}</Mono>.
    </Alert>
  )
}

function Blank({ working }: { working: boolean }) {
  return (
    <Box sx={{ maxWidth: 640 }}>
      <Typography variant="body2" sx={{ mb: 1 }}>
        A report holds what the nine steps go by: lines of system files and of what commands print. Your choices, what
        was proven and this program’s log are in it too.
      </Typography>
      <Typography variant="body2" sx={{ mb: 1 }}>
        Before you see it, names, titles, labels, serial numbers, UUIDs, MAC and IP addresses are replaced; only words
        that everybody knows stay. All other lines are left out, comments and passwords among them, and so is which
        files programs have open.
      </Typography>
      <Typography variant="body2" sx={{ mb: 1.5 }}>
        Making it changes nothing. You can read every part before you save it.
      </Typography>
      <Button variant="contained" disabled={working} onClick={() => void makeReport()}>
        Make a report
      </Button>
    </Box>
  )
}

function Report({ report }: { report: ReportView }) {
  const { open, search } = useReport()
  const part = report.parts.find(({ id }) => id === open?.id)
  return (
    <>
      <Typography variant="body2" sx={{ mb: 1.5 }} role="status">
        <b>{size(report.bytes)}</b> in {report.parts.length} parts. Replaced: {replacedWords(report.replaced)}.
      </Typography>
      <Box sx={{ flex: 1, minHeight: 0, display: 'grid', gridTemplateColumns: '300px minmax(0, 1fr)', gap: 2 }}>
        <Box sx={{ display: 'flex', flexDirection: 'column', minHeight: 0, gap: 1 }}>
          <TextField
            label="Search"
            placeholder="Name of a part"
            value={search}
            onChange={(event) => searchParts(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <ReportParts parts={report.parts} open={open?.id ?? null} search={search} />
        </Box>
        {part === undefined || open === null ? null : <Preview part={part} text={open.text} />}
      </Box>
    </>
  )
}

/** Longer texts are cut on the screen; the report holds them whole. */
const SHOWN = 100_000

function Preview({ part, text }: { part: ReportPart; text: string }) {
  const cut = text.length > SHOWN
  return (
    <Box component="section" aria-label="Preview" sx={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
      <Typography variant="body2" component="h2" sx={{ fontWeight: 600, overflowWrap: 'anywhere', mb: 0.75 }}>
        <Mono>{part.title}</Mono>
        <Box component="span" sx={{ color: 'text.secondary', fontWeight: 400, ml: 1 }}>
          {size(part.bytes)}
          {cut ? ', its beginning' : ''}
        </Box>
      </Typography>
      <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
        <Quote key={part.id} label={part.title} height={100_000}>
          {cut ? text.slice(0, SHOWN) : text}
        </Quote>
      </Box>
    </Box>
  )
}
