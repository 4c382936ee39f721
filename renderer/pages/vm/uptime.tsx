import { useUsage } from '#renderer/state/usage-store.ts'
import { uptimeWords } from './uptime-words.ts'

/** Since when the VM runs: as the kernel knows QEMU's start, else as the app noted it. */
export function Uptime({ since }: { since: string | null }) {
  const latest = useUsage(({ samples }) => samples.at(-1))
  const started = latest?.startedAt ?? since
  if (started === null) return null
  return uptimeWords(started, latest?.at ?? Date.parse(started))
}
