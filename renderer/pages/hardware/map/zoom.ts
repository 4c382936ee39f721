import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Layout } from './layout.ts'

const STEP = 1.2
const LEAST = 0.2
const MOST = 3
/** Smaller could not be read; then it scrolls. */
const LEAST_AT_FIRST = 0.7

export interface View {
  zoom: number
  /** `at`: the point of the visible part that stays where it is; its middle when left out. */
  change: (by: 'in' | 'out' | 'full' | 'fit', at?: { x: number; y: number }) => void
}

/** Zoom of a picture in a scrolling box. The first view fits its width, never larger than life. */
export function useZoom(scroller: RefObject<HTMLDivElement | null>, { width, height }: Layout): View {
  const [chosen, setChosen] = useState<number | null>(null)
  const [room, setRoom] = useState({ width: 0, height: 0 })
  const keep = useRef<{ x: number; y: number; from: number } | null>(null)
  const fitting = room.width === 0 ? 1 : within(Math.max(LEAST_AT_FIRST, Math.min(1, room.width / width)))
  const zoom = chosen ?? fitting
  useEffect(() => {
    const box = scroller.current
    if (box === null) return undefined
    const watch = new ResizeObserver(() => setRoom({ width: box.clientWidth, height: box.clientHeight }))
    watch.observe(box)
    return () => watch.disconnect()
  }, [scroller])
  useLayoutEffect(() => {
    const box = scroller.current
    if (box === null || keep.current === null) return
    const { x, y, from } = keep.current
    keep.current = null
    const grown = zoom / from
    box.scrollTo({ left: (box.scrollLeft + x) * grown - x, top: (box.scrollTop + y) * grown - y })
  }, [zoom, scroller])
  const change: View['change'] = (by, at) => {
    keep.current = { x: at?.x ?? room.width / 2, y: at?.y ?? room.height / 2, from: zoom }
    const whole = Math.min(1, room.width / width, room.height / height)
    const next = { in: zoom * STEP, out: zoom / STEP, full: 1, fit: whole }
    setChosen(within(next[by]))
  }
  return { zoom, change }
}

function within(zoom: number): number {
  return Math.min(MOST, Math.max(LEAST, zoom))
}
