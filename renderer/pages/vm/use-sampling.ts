import { useEffect } from 'react'
import { sampleUsage } from '#renderer/state/usage-store.ts'

const EVERY_MS = 2000

/** Samples while the panel is open and the window is to be seen; a hidden window asks nothing at all. */
export function useSampling(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return
    let asking = false
    const ask = () => {
      if (asking || document.visibilityState !== 'visible') return
      asking = true
      void sampleUsage().finally(() => (asking = false))
    }
    ask()
    const timer = setInterval(ask, EVERY_MS)
    return () => clearInterval(timer)
  }, [wanted])
}
