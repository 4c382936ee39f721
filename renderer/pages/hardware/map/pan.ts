import { type RefObject, useEffect } from 'react'
import type { View } from './zoom.ts'

/** Ctrl and the wheel zoom at the pointer; the left button drags the background. */
export function usePan(scroller: RefObject<HTMLDivElement | null>, { change }: View): void {
  useEffect(() => {
    const box = scroller.current
    if (box === null) return undefined
    const end = new AbortController()
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey || event.deltaY === 0) return
      event.preventDefault()
      const { left, top } = box.getBoundingClientRect()
      change(event.deltaY < 0 ? 'in' : 'out', { x: event.clientX - left, y: event.clientY - top })
    }
    const drag = (event: PointerEvent) => {
      if (box.hasPointerCapture(event.pointerId)) box.scrollBy(-event.movementX, -event.movementY)
    }
    const grab = (event: PointerEvent) => {
      const onItem = event.target instanceof Element && event.target.closest('[role="treeitem"]') !== null
      if (event.button === 0 && !onItem && event.target !== box) box.setPointerCapture(event.pointerId)
    }
    // React listens to the wheel passively, so that preventDefault would do nothing.
    box.addEventListener('wheel', wheel, { passive: false, signal: end.signal })
    box.addEventListener('pointerdown', grab, { signal: end.signal })
    box.addEventListener('pointermove', drag, { signal: end.signal })
    return () => end.abort()
  })
}
