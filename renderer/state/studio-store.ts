import { useMemo } from 'react'
import { create } from 'zustand'
import type { Problem } from '#shared/base/problem.ts'
import type { CallName } from '#shared/ipc/call-names.ts'
import type { CallInput, CallOutput, StudioCalls } from '#shared/ipc/contract.ts'
import { type Snapshot, snapshot as snapshotSchema } from '#shared/ipc/snapshot.ts'
import type { Choices } from '#shared/wizard/choices.ts'

interface StudioStore {
  /** Mirror of main; null until the first look at the host is done. */
  snapshot: Snapshot | null
  /** Choices that main has not answered yet. */
  asked: Choices | null
  /** A call that main refused, as opposed to an action that failed, which is in the snapshot's phase. */
  refusal: Problem | null
}

export const useStudio = create<StudioStore>(() => ({ snapshot: null, asked: null, refusal: null }))

/** The snapshot with the choices just made, for components that are shown only when there is one. */
export function useSnapshot(): Snapshot {
  const snapshot = useStudio((store) => store.snapshot)
  const asked = useStudio((store) => store.asked)
  const shown = useMemo(() => (asked === null ? snapshot : withChoices(snapshot, asked)), [snapshot, asked])
  if (shown === null) throw new Error('no snapshot yet')
  return shown
}

/** Whether an action is under way, during which nothing else can be asked for. */
export function useWorking(): boolean {
  const { phase } = useSnapshot()
  return ['checking', 'applying', 'verifying', 'undoing'].includes(phase.kind)
}

function withChoices(snapshot: Snapshot | null, choices: Choices): Snapshot | null {
  return snapshot === null ? null : { ...snapshot, choices }
}

/** Makes choices. They show at once, so that the next one builds on them, until main shows them; a refusal takes them back. */
export async function choose(choices: Choices): Promise<void> {
  useStudio.setState({ asked: choices })
  await call('choose', choices)
  const answer = await window.studio.snapshot(null)
  if (answer.ok) useStudio.setState({ snapshot: answer.value })
  if (useStudio.getState().asked === choices) useStudio.setState({ asked: null })
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
