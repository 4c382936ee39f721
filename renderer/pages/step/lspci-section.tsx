import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Quote } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'

/** Step 6 as the paper shows it: lspci of the card, with the driver in use. */
export function LspciSection() {
  const { cardLspci } = useSnapshot('cardLspci')
  if (cardLspci === null) return null
  return (
    <Section title="lspci -nnk">
      <Quote label="lspci of the card">{cardLspci}</Quote>
    </Section>
  )
}
