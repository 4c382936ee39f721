import { createTheme, type CssVarsThemeOptions } from '@mui/material/styles'
import { components } from './components.ts'
import { DARK, LIGHT } from './palette.ts'

export const MONO = '"JetBrains Mono", "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", ui-monospace, monospace'
const PROSE = 'system-ui, "Inter", "Noto Sans", "DejaVu Sans", sans-serif'

function scheme(colours: typeof LIGHT) {
  return {
    palette: {
      primary: { main: colours.accent, contrastText: colours.onAccent },
      error: { main: colours.states.blocked },
      warning: { main: colours.states['needs-work'] },
      success: { main: colours.states.ok },
      background: { default: colours.background, paper: colours.surface },
      text: { primary: colours.text, secondary: colours.quiet },
      divider: colours.line,
      // MUI mixes one of its own from the divider, which these colours make invisible.
      TableCell: { border: colours.line },
    },
  }
}

const schemes: NonNullable<CssVarsThemeOptions['colorSchemes']> = { light: scheme(LIGHT), dark: scheme(DARK) }

/** Colours beyond MUI's palette, as CSS variables that follow the scheme. See global styles in App. */
export const colour = {
  rail: 'var(--ps-rail)',
  sunken: 'var(--ps-sunken)',
  added: 'var(--ps-added)',
  removed: 'var(--ps-removed)',
  state: (status: string) => `var(--ps-state-${status})`,
} as const

/** Returns the variables behind `colour`, for one scheme. */
export function schemeVariables(colours: typeof LIGHT): Record<string, string> {
  const states = Object.fromEntries(
    Object.entries(colours.states).map(([status, value]) => [`--ps-state-${status}`, value]),
  )
  return {
    '--ps-rail': colours.rail,
    '--ps-sunken': colours.sunken,
    '--ps-added': colours.added,
    '--ps-removed': colours.removed,
    ...states,
  }
}

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-scheme' },
  colorSchemes: schemes,
  spacing: 8,
  shape: { borderRadius: 6 },
  typography: {
    fontFamily: PROSE,
    fontSize: 13,
    h1: { fontSize: 20, fontWeight: 600, lineHeight: 1.3 },
    h2: { fontSize: 13, fontWeight: 600, lineHeight: 1.4 },
    subtitle1: { fontSize: 16, fontWeight: 400, lineHeight: 1.45 },
    body1: { fontSize: 14, lineHeight: 1.5 },
    body2: { fontSize: 13, lineHeight: 1.5 },
    caption: { fontSize: 12, lineHeight: 1.4 },
    button: { textTransform: 'none', fontWeight: 600, fontSize: 13 },
  },
  components,
})
