import { useShallow } from 'zustand/react/shallow'
import { isWorking } from '#shared/ipc/phase.ts'
import type { RunLog } from '#shared/ipc/progress.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import { useStudio } from './studio-store.ts'

/**
 * Parts of what main shows, by name, with the choices just made; drawn again only when one of them changes. For
 * components that are shown only when there is a snapshot.
 */
export function useSnapshot<K extends keyof Snapshot>(...names: readonly K[]): Pick<Snapshot, K> {
  return useStudio(
    useShallow(({ snapshot, asked }) => {
      if (snapshot === null) throw new Error('no snapshot yet')
      const shown = asked === null ? snapshot : { ...snapshot, choices: asked }
      return Object.fromEntries(names.map((name) => [name, shown[name]])) as Pick<Snapshot, K>
    }),
  )
}

/** Whether an action is under way, during which nothing else can be asked for. */
export function useWorking(): boolean {
  return useStudio(({ snapshot }) => snapshot !== null && isWorking(snapshot.phase))
}

/** What the action under way says. */
export function useLog(): RunLog {
  return useStudio(({ log }) => log)
}
