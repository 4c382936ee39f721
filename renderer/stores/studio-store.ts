import { create } from 'zustand'
import type { CallName } from '../../shared/window/call-names.ts'
import type { CallInput, CallOutput, StudioCalls } from '../../shared/window/contract.ts'
import type { Problem } from '../../shared/problem.ts'
import { type Snapshot, snapshot as snapshotSchema } from '../../shared/window/wizard.ts'

interface StudioStore {
  /** Mirror of main; null until the first look at the host is done. */
  snapshot: Snapshot | null
  /** A call that main refused, as opposed to an action that failed, which is in the snapshot's phase. */
  refusal: Problem | null
}

export const useStudio = create<StudioStore>(() => ({ snapshot: null, refusal: null }))

/** The snapshot, for components that are shown only when there is one. */
export function useSnapshot(): Snapshot {
  const snapshot = useStudio((store) => store.snapshot)
  if (snapshot === null) throw new Error('no snapshot yet')
  return snapshot
}

/** Asks main. A refusal is shown at the foot of the window; null is then returned. */
export async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N> | null> {
  const calls: StudioCalls = window.studio
  const answer = await calls[name](input)
  if (answer.ok) {
    useStudio.setState({ refusal: null })
    return answer.value
  }
  useStudio.setState({ refusal: answer.problem })
  return null
}

/** Keeps the mirror in step with main from now on. */
export function followMain(): void {
  window.studio.onSnapshot((value) => {
    const parsed = snapshotSchema.safeParse(value)
    if (parsed.success) useStudio.setState({ snapshot: parsed.data })
    else
      useStudio.setState({
        refusal: {
          code: 'protocol',
          message: 'Main sent something this window does not understand.',
          detail: parsed.error.message,
          hint: null,
        },
      })
  })
  void window.studio.snapshot(null).then((answer) => {
    if (answer.ok) useStudio.setState({ snapshot: answer.value })
  })
}
