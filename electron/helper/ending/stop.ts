import process from 'node:process'

/** Whether somebody wants this process to end: a logout, a shutdown, a terminal that closed, the guard of a network. */
export interface Stop {
  /** The first signal that said so. */
  readonly by: NodeJS.Signals | null
  /** Settles with it. */
  readonly asked: Promise<void>
}

/** For who is never told to end: the simulation, and the way back. */
export const NEVER: Stop = { by: null, asked: new Promise(() => undefined) }

/**
 * From now on such a signal ends nothing by itself. What is under way is finished, as a boot configuration written half
 * is worse than a late end; whoever begins something new asks here first.
 */
export function listenForStop(): Stop {
  let by: NodeJS.Signals | null = null
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const)
      process.on(signal, () => {
        by ??= signal
        resolve()
      })
  })
  return {
    get by() {
      return by
    },
    asked,
  }
}
