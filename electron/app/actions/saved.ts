import { problemLine, problemOf } from '#shared/base/problem.ts'
import { isWorking } from '#shared/ipc/phase.ts'
import type { Engine } from '../engine.ts'
import { restingPhase } from '../engine-state.ts'

/**
 * From now on what another window or command saves is taken in, and the host looked at: it may have changed that too.
 * Returns what ends it.
 */
export function watchSaved(engine: Engine): () => void {
  return engine.session.store.watch(() => {
    takeIn(engine).catch((thrown: unknown) => engine.set({ notice: problemLine(problemOf(thrown)) }))
  })
}

async function takeIn(engine: Engine): Promise<void> {
  const before = engine.state.saved
  await engine.save(() => ({}))
  if (engine.state.saved === before) return
  await engine.refreshInBackground()
  const { phase } = engine.state
  if (!isWorking(phase) && phase.kind !== 'failed') engine.set({ phase: restingPhase(engine.state) })
}
