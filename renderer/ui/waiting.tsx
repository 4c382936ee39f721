import Typography from '@mui/material/Typography'
import { useEffect, useState } from 'react'

/** Shorter work needs no notice. */
const SHOWN_AFTER_MS = 400

/**
 * What is being done, and for how long, where the work cannot be counted. Words and no moving bar: an animation tells
 * nothing, and without a graphics card, as over a remote desktop, it takes a processor to itself.
 */
export function Waiting({ what }: { what: string }) {
  const [shown, setShown] = useState(false)
  const seconds = useSeconds()
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Typography variant="body2" color="text.secondary" role="status" sx={{ minHeight: 20 }}>
      {shown ? `${what} · ${seconds} s` : ''}
    </Typography>
  )
}

/** Whole seconds since this was first shown. */
export function useSeconds(): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((value) => value + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return seconds
}
