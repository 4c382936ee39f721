import type { Evidence } from '#shared/wizard/finding.ts'

/** Cites a file or directory of the host and what it held; `quote` null: it is not there. */
export function citeFile(source: string, quote: string | null): Evidence {
  return { kind: 'file', source, quote }
}

/** Cites a program and what it said; `quote` null: it is not installed. */
export function citeCommand(source: string, quote: string | null): Evidence {
  return { kind: 'command', source, quote }
}

/** Cites what several reads of the host came to together. */
export function citeHost(source: string, quote: string | null): Evidence {
  return { kind: 'host', source, quote }
}

/** Cites what the admin decided. */
export function citeChoice(quote: string | null): Evidence {
  return { kind: 'choice', source: 'choice', quote }
}

/** Cites what was measured by acting: a start of QEMU, a guest's report. */
export function citeProof(source: string, quote: string | null): Evidence {
  return { kind: 'proof', source, quote }
}
