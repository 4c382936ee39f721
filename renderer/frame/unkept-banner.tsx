import Button from '@mui/material/Button'
import { useEffect, useState } from 'react'
import { call } from '../state/studio-store.ts'
import { useWorking } from '../state/use-snapshot.ts'
import { Banner } from '../ui/banner.tsx'

const SECOND = 1000
/** Taking the old network back takes the host a moment after the time is up. */
const GRACE_SECONDS = 5

/** While a new network waits to be kept: how long, and the two ways on. `until` null: no timer runs, e.g. after a reboot. */
export function UnconfirmedBanner({ until }: { until: string | null }) {
  const left = useSecondsLeft(until)
  const working = useWorking()
  const over = left !== null && left <= -GRACE_SECONDS && left % GRACE_SECONDS === 0
  useEffect(() => {
    if (over && !working) void call('host.recheck', null)
  }, [over, working])
  const actions = (
    <>
      <Button variant="contained" disabled={working} onClick={() => void call('plan.confirmNetwork', null)}>
        Keep this network
      </Button>
      <Button variant="outlined" disabled={working} onClick={() => void call('plan.undo', 'network')}>
        Go back now
      </Button>
    </>
  )
  return (
    <Banner status="needs-work" actions={actions}>
      <b>This network is new and not kept yet.</b> {words(left)}
    </Banner>
  )
}

function words(left: number | null): string {
  if (left === null) return 'Nothing brings the old one back by itself any more; keep it, or go back.'
  return left > 0 ? `The old one comes back by itself in ${left} s.` : 'The old one is being brought back.'
}

/** Whole seconds until a moment, negative once it has passed. */
function useSecondsLeft(until: string | null): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND)
    return () => clearInterval(timer)
  }, [])
  return until === null ? null : Math.ceil((Date.parse(until) - now) / SECOND)
}
