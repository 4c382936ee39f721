import Box from '@mui/material/Box'
import { type KeyboardEvent, type RefObject, useEffect, useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import type { Scheme } from '#renderer/ui/theme/palette.ts'
import { showDevice } from '../table/detail.ts'
import { Drawing } from './drawing.tsx'
import { neighbour } from './keys.ts'
import type { Layout } from './layout.ts'
import type { Placed } from './measures.ts'
import { usePan } from './pan.ts'
import type { View } from './zoom.ts'

const ZOOM_KEYS: Readonly<Record<string, Parameters<View['change']>[0]>> = {
  '+': 'in',
  '=': 'in',
  '-': 'out',
  '0': 'full',
}

interface ViewerProps {
  layout: Layout
  scheme: Scheme
  view: View
  scroller: RefObject<HTMLDivElement | null>
  svg: RefObject<SVGSVGElement | null>
  onUnfold: (id: string) => void
}

/** The picture in a box that scrolls, zooms with Ctrl and the wheel, and is dragged by its background. */
export function Viewer({ layout, scheme, view, scroller, svg, onUnfold }: ViewerProps) {
  const [wanted, setWanted] = useState<string | null>(null)
  usePan(scroller, view)
  const card = firstOf(layout)
  const current = layout.placed.some((one) => one.id === wanted) ? wanted : card
  const focus = (id: string | null) => {
    const element = id === null ? null : svg.current?.querySelector<SVGGElement>(`[data-id="${id}"]`)
    element?.focus()
  }
  const open = (one: Placed) => {
    if (one.item.kind === 'fold') onUnfold(one.id)
    else void showFunction(one.id)
  }
  const onKey = (event: KeyboardEvent, id: string) => {
    const one = layout.placed.find((candidate) => candidate.id === id)
    if (one === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    const next = neighbour(layout.placed, id, event.key)
    const zooms = ZOOM_KEYS[event.key]
    if (opens(event.key, one)) open(one)
    else if (zooms !== undefined) view.change(zooms)
    else if (next !== null) focus(next)
    else return
    event.preventDefault()
  }
  useEffect(() => {
    if (card === null) return
    svg.current?.querySelector(`[data-id="${card}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [card, svg])
  // What was folded up is replaced by its functions; the first of them takes over the focus.
  const shown = layout.placed.find((one) => one.id === wanted)?.item.kind
  useEffect(() => {
    if (shown === 'function' && document.activeElement === document.body) focus(wanted)
  })
  return (
    <Box ref={scroller} data-viewer sx={LOOK}>
      <Drawing
        {...{ layout, scheme, zoom: view.zoom, current, onFocus: setWanted, onOpen: open, onKey }}
        svgRef={svg}
      />
    </Box>
  )
}

/** Tells whether an arrow key opens a fold: to the right, as in any tree. */
function opens(key: string, { item }: Placed): boolean {
  return key === 'Enter' || key === ' ' || (key === 'ArrowRight' && item.kind === 'fold')
}

const LOOK = {
  flex: 1,
  minHeight: 0,
  overflow: 'auto',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
  cursor: 'grab',
  '& svg': { display: 'block', userSelect: 'none' },
  '& [role="treeitem"]': { cursor: 'pointer', outline: 'none' },
  '& [role="treeitem"]:focus-visible > .ring': { stroke: 'var(--mui-palette-text-primary)' },
} as const

/** Returns the item that Tab leads to first: the card, since that is what the picture is about. */
function firstOf({ placed }: Layout): string | null {
  const card = placed.find((one) => one.item.kind === 'function' && one.item.node.mark?.kind === 'card')
  return (card ?? placed[0])?.id ?? null
}

/** Opens the same drawer as in the Devices panel. */
async function showFunction(address: string): Promise<void> {
  const rows = await call('hardware.devices', null)
  const row = rows?.find((candidate) => candidate.address === address)
  if (row !== undefined) await showDevice(row)
}
