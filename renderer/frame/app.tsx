import './base.css'
import Box from '@mui/material/Box'
import GlobalStyles from '@mui/material/GlobalStyles'
import Typography from '@mui/material/Typography'
import { Suspense } from 'react'
import { StepPage } from '../pages/step/step-page.tsx'
import { useStudio } from '../state/studio-store.ts'
import { useSnapshot } from '../state/use-snapshot.ts'
import { type PageId, useView } from '../state/view-store.ts'
import { DARK, LIGHT } from '../ui/theme/palette.ts'
import { schemeVariables } from '../ui/theme/theme.ts'
import { Waiting } from '../ui/waiting.tsx'
import { EvidenceDrawer } from './evidence-drawer.tsx'
import { Header } from './header.tsx'
import { Notices } from './notices.tsx'
import { ABOUT, PANELS } from './pages.tsx'
import { Rail } from './rail.tsx'
import { StatusBar } from './status-bar.tsx'

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
        {ready ? <MainLayout /> : <FirstLook />}
      </Box>
    </>
  )
}

function MainLayout() {
  const { focus } = useSnapshot('focus')
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
  const { steps } = useSnapshot('steps')
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
        Looking at this host: firmware tables, IOMMU groups, devices, boot loader.
      </Typography>
      <Waiting what="Reading" />
    </Box>
  )
}
