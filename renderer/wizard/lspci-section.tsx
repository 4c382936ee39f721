import { Quote } from '../components/mono.tsx'
import { Section } from '../components/section.tsx'
import { useSnapshot } from '../stores/studio-store.ts'
import { lspciBlocks } from '../../shared/lspci-blocks.ts'

/** Step 6 as the paper shows it: lspci of the card, with the driver in use. */
export function LspciSection() {
  const { lspci, gpus, choices } = useSnapshot()
  const card = gpus.find((gpu) => gpu.address === choices.gpu.address) ?? gpus[0]
  if (lspci === null || card === undefined) return null
  const text = lspciBlocks(
    lspci,
    card.functions.map((device) => device.address),
  )
  return (
    <Section title="lspci -nnk">
      <Quote label="lspci of the card">{text}</Quote>
    </Section>
  )
}
