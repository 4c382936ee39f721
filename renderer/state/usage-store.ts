import { create } from 'zustand'
import type { VmUsage } from '#shared/vm/usage.ts'
import { ask } from './studio-store.ts'
import { withSample } from './usage-series.ts'

interface UsageStore {
  /** Samples of the current run, oldest first; kept while another page is open. */
  samples: readonly VmUsage[]
  /** Why there are none. */
  why: string | null
}

export const useUsage = create<UsageStore>(() => ({ samples: [], why: null }))

/** Asks main once. A VM that just ended is no fault worth a banner; the words stand where the charts would. */
export async function sampleUsage(): Promise<void> {
  const answer = await ask('vms.usage', null)
  if (!answer.ok) useUsage.setState({ why: answer.problem.message })
  else if (answer.value === null)
    useUsage.setState({ samples: [], why: 'Simulated: no guest really runs, so nothing is measured.' })
  else useUsage.setState({ samples: withSample(useUsage.getState().samples, answer.value), why: null })
}
