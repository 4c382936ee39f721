import Button from '@mui/material/Button'
import { useSnapshot } from '../state/use-snapshot.ts'
import { openPage, useView } from '../state/view-store.ts'
import { Banner } from '../ui/banner.tsx'

/**
 * What stands in the way back: changes that could not be taken back, and a journal that bars changes. The journal's own
 * page says it in full.
 */
export function WayBackBanners() {
  const { leftOver, barred } = useSnapshot('leftOver', 'barred')
  const atJournal = useView(({ page }) => page === 'journal')
  if (atJournal) return null
  const open = <Button onClick={() => openPage('journal')}>See the journal</Button>
  return (
    <>
      {leftOver.length === 0 ? null : (
        <Banner status="needs-work" actions={open}>
          <LeftOver leftOver={leftOver} />
        </Banner>
      )}
      {barred === null ? null : (
        <Banner status="needs-work" actions={open}>
          <b>{barred}</b> Nothing can be changed before that is settled.
        </Banner>
      )}
    </>
  )
}

/** One in full; of several their number, as the journal tells each. */
function LeftOver({ leftOver }: { leftOver: readonly { text: string; why: string }[] }) {
  const [first, ...others] = leftOver
  if (first === undefined) return null
  if (others.length > 0) return <b>{leftOver.length} changes could not be taken back.</b>
  return (
    <>
      <b>Not taken back: {first.text}.</b> {first.why}
    </>
  )
}
