import { GROUP_COLOURS, type Scheme } from '#renderer/ui/theme/palette.ts'
import type { MarkKind } from '#shared/ipc/topology.ts'
import type { VerdictStatus } from '#shared/wizard/finding.ts'

/** How a marked function is edged. `status`: the shape beside its note; null: it is no fault. */
export interface MarkLook {
  status: VerdictStatus | null
  width: number
  dashes: string | null
}

export const MARK_LOOKS: Readonly<Record<MarkKind, MarkLook>> = {
  card: { status: null, width: 2.5, dashes: null },
  companion: { status: null, width: 1.5, dashes: null },
  candidate: { status: null, width: 1, dashes: '4 3' },
  blocker: { status: 'blocked', width: 2.5, dashes: null },
  doubt: { status: 'unknown', width: 1.5, dashes: '4 3' },
  shares: { status: 'needs-work', width: 1.5, dashes: null },
}

/** Colours are written into the picture itself, so that it can be saved as it is seen. */
export function markColour(kind: MarkKind, scheme: Scheme): string {
  const { status } = MARK_LOOKS[kind]
  return status === null ? scheme.accent : scheme.states[status]
}

export function groupColour(group: number): string {
  return GROUP_COLOURS[group % GROUP_COLOURS.length] ?? GROUP_COLOURS[0]
}
