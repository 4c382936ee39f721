import Box from '@mui/material/Box'
import GlobalStyles from '@mui/material/GlobalStyles'
import Typography from '@mui/material/Typography'
import { Suspense } from 'react'
import './base.css'
import { EvidenceDrawer } from './components/evidence-drawer.tsx'
import { Header } from './components/header.tsx'
import { Rail } from './components/rail.tsx'
import { StatusBar } from './components/status-bar.tsx'
import { Waiting } from './components/waiting.tsx'
import { Notices } from './notices.tsx'
import { ABOUT, PANELS } from './panels/pages.tsx'
import { useSnapshot, useStudio } from './stores/studio-store.ts'
import { type PageId, useView } from './stores/view-store.ts'
import { DARK, LIGHT } from './theme/palette.ts'
import { schemeVariables } from './theme/theme.ts'
import { StepPage } from './wizard/step-page.tsx'

/** The data grid is over 40 % of the code, and the first screen does not need it. */
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
  const { focus } = useSnapshot()
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
    </>
  )
}

function Page({ page }: { page: PageId }) {
  const { steps } = useSnapshot()
  const panel = [...PANELS, ABOUT].find((candidate) => candidate.id === page)
  if (panel !== undefined)
    return (
      <Suspense>
        <panel.Panel />
      </Suspense>
    )
  const step = steps.find((candidate) => candidate.id === page)
  return step === undefined ? null : <StepPage key={page} step={step} />
}

function FirstLook() {
  return (
    <Box sx={{ p: 3 }}>
      <Typography variant="subtitle1" component="p" sx={{ mb: 1 }}>
        Looking at this machine: firmware tables, IOMMU groups, devices, boot loader.
      </Typography>
      <Waiting what="Reading" />
    </Box>
  )
}
