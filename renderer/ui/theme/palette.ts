import type { VerdictStatus } from '#shared/wizard/finding.ts'

/** Colours of one scheme. Text on surfaces is at least AA; state colours are never the only sign of a state. */
export interface Scheme {
  background: string
  surface: string
  rail: string
  sunken: string
  text: string
  quiet: string
  line: string
  accent: string
  onAccent: string
  states: Readonly<Record<VerdictStatus, string>>
  added: string
  removed: string
}

export const LIGHT: Scheme = {
  background: '#f5f7f9',
  surface: '#ffffff',
  rail: '#edf0f3',
  sunken: '#f1f4f6',
  text: '#17202a',
  quiet: '#4d5a68',
  line: '#d8dee4',
  accent: '#0b6b7a',
  onAccent: '#ffffff',
  states: { ok: '#1b6f47', 'needs-work': '#855500', blocked: '#ad2a22', unknown: '#55626f', 'after-reboot': '#3c5aa8' },
  added: '#e2f3e9',
  removed: '#fbe7e5',
}

export const DARK: Scheme = {
  background: '#12171c',
  surface: '#181f26',
  rail: '#0f1418',
  sunken: '#12181e',
  text: '#e4eaf0',
  quiet: '#a6b3bf',
  line: '#29333d',
  accent: '#4fbecb',
  onAccent: '#06232a',
  states: { ok: '#5fc793', 'needs-work': '#e2b04f', blocked: '#f28b84', unknown: '#a0adb9', 'after-reboot': '#9db6f5' },
  added: '#15302a',
  removed: '#3a2024',
}

/** Qualitative colours for IOMMU groups (after Okabe and Ito, who chose them for colour blindness). */
export const GROUP_COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#8c6bb1',
  '#7f7f7f',
] as const
