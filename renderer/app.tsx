import Box from '@mui/material/Box'
import GlobalStyles from '@mui/material/GlobalStyles'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import './base.css'
import { EvidenceDrawer } from './components/evidence-drawer.tsx'
import { Header } from './components/header.tsx'
import { Rail } from './components/rail.tsx'
import { StatusBar } from './components/status-bar.tsx'
import { Notices } from './notices.tsx'
import { ConsolePanel } from './panels/console-panel.tsx'
import { DevicesPanel } from './panels/devices/devices-panel.tsx'
import { DiagnosePanel } from './panels/diagnose-panel.tsx'
import { HealthPanel } from './panels/health-panel.tsx'
import { JournalPanel } from './panels/journal-panel.tsx'
import { RecoveryPanel } from './panels/recovery-panel.tsx'
import { ReportPanel } from './panels/report-panel.tsx'
import { VmPanel } from './panels/vm-panel.tsx'
import { useSnapshot, useStudio } from './stores/studio-store.ts'
import { type PageId, useView } from './stores/view-store.ts'
import { DARK, LIGHT } from './theme/palette.ts'
import { schemeVariables } from './theme/theme.ts'
import { StepPage } from './wizard/step-page.tsx'

const SCHEMES = {
  '[data-scheme="light"], :root': schemeVariables(LIGHT),
  '[data-scheme="dark"]': schemeVariables(DARK),
}

/** The window: header, rail, one page, status bar, and the evidence drawer over it. */
export function App() {
  const ready = useStudio((store) => store.snapshot !== null)
  return (
    <>
      <GlobalStyles styles={SCHEMES} />
      <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
        <Header />
        {ready ? <Desk /> : <FirstLook />}
      </Box>
    </>
  )
}

function Desk() {
  const { focus, phase } = useSnapshot()
  const chosen = useView((view) => view.page)
  const page = chosen ?? focus
  return (
    <>
      <Notices />
      <Box sx={{ flex: 1, minHeight: 0, display: 'flex' }}>
        <Rail page={page} />
        <Page page={page} />
      </Box>
      <StatusBar />
      <EvidenceDrawer />
      {phase.kind === 'checking' ? (
        <LinearProgress
          aria-label="Looking at the host"
          sx={{ position: 'fixed', top: 46, left: 0, right: 0, height: 2 }}
        />
      ) : null}
    </>
  )
}

function Page({ page }: { page: PageId }) {
  const { steps } = useSnapshot()
  if (page === 'devices') return <DevicesPanel />
  if (page === 'vm') return <VmPanel />
  if (page === 'console') return <ConsolePanel />
  if (page === 'diagnose') return <DiagnosePanel />
  if (page === 'health') return <HealthPanel />
  if (page === 'report') return <ReportPanel />
  if (page === 'journal') return <JournalPanel />
  if (page === 'recovery') return <RecoveryPanel />
  const step = steps.find((candidate) => candidate.id === page)
  return step === undefined ? null : <StepPage key={page} step={step} />
}

function FirstLook() {
  return (
    <Box sx={{ p: 3 }} role="status">
      <Typography variant="subtitle1" component="p">
        Looking at this machine: firmware tables, IOMMU groups, devices, boot loader.
      </Typography>
      <LinearProgress sx={{ mt: 2, maxWidth: 400 }} aria-label="Looking at the host" />
    </Box>
  )
}
