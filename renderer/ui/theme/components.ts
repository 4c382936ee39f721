import type { ThemeOptions } from '@mui/material/styles'

/** Flat, dense, hairlines instead of shadows; focus always visible. */
export const components: NonNullable<ThemeOptions['components']> = {
  MuiButtonBase: { defaultProps: { disableRipple: true } },
  MuiButton: {
    defaultProps: { disableElevation: true, size: 'medium' },
    styleOverrides: {
      root: {
        minHeight: 34,
        paddingInline: 14,
        '&:focus-visible': { outline: '2px solid currentColor', outlineOffset: 2 },
      },
    },
    variants: [
      {
        props: { variant: 'outlined', color: 'inherit' },
        style: { borderColor: 'var(--mui-palette-divider)' },
      },
    ],
  },
  MuiIconButton: {
    styleOverrides: { root: { borderRadius: 6, '&:focus-visible': { outline: '2px solid currentColor' } } },
  },
  MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
  MuiTextField: { defaultProps: { size: 'small', variant: 'outlined' } },
  MuiTableCell: {
    styleOverrides: {
      root: { padding: '4px 12px', height: 32, fontSize: 13 },
      head: { fontSize: 12, fontWeight: 600 },
    },
  },
  MuiTooltip: {
    defaultProps: { arrow: true, enterDelay: 400 },
    styleOverrides: { tooltip: { fontSize: 12, maxWidth: 360 } },
  },
  MuiLinearProgress: { styleOverrides: { root: { borderRadius: 3, height: 6 } } },
  MuiListItemButton: { styleOverrides: { root: { minHeight: 32, borderRadius: 6, paddingBlock: 4 } } },
  MuiDrawer: { styleOverrides: { paper: { width: 360 } } },
}
