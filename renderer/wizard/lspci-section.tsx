import { Quote } from '../components/mono.tsx'
import { Section } from '../components/section.tsx'
import { useSnapshot } from '../stores/studio-store.ts'

/** Step 6 as the paper shows it: lspci of the card, with the driver in use. */
export function LspciSection() {
  const { cardLspci } = useSnapshot()
  if (cardLspci === null) return null
  return (
    <Section title="lspci -nnk">
      <Quote label="lspci of the card">{cardLspci}</Quote>
    </Section>
  )
}
