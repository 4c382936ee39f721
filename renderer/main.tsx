import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import CssBaseline from '@mui/material/CssBaseline'
import { ThemeProvider } from '@mui/material/styles'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './frame/app.tsx'
import { followMain } from './state/studio-store.ts'
import { followPages } from './state/view-store.ts'
import { theme } from './ui/theme/theme.ts'

// `speedy` fills the style element through CSSOM, which the content security policy allows.
const cache = createCache({ key: 'ps', speedy: true })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

followMain()
followPages()
createRoot(root).render(
  <StrictMode>
    <CacheProvider value={cache}>
      <ThemeProvider theme={theme} defaultMode="system">
        <CssBaseline />
        <App />
      </ThemeProvider>
    </CacheProvider>
  </StrictMode>,
)
