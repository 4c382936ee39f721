import type { z } from 'zod'
import { create } from 'zustand'
import type { Problem } from '#shared/base/problem.ts'
import { logJoined, type RunLog } from '#shared/ipc/progress.ts'
import {
  type CallInput,
  type CallName,
  type CallOutput,
  type Envelope,
  type EventName,
  type EventOf,
  events,
} from '#shared/ipc/schema.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import { type Choices, choices as choicesSchema } from '#shared/wizard/choices.ts'
import { reconciled } from './reconcile.ts'

interface StudioStore {
  /** Mirror of main; null until the first look at the host is done. */
  snapshot: Snapshot | null
  /** What the action under way says. */
  log: RunLog
  /** Choices that main has not answered yet. */
  asked: Choices | null
  /** A call that main refused, as opposed to an action that failed, which is in the snapshot's phase. */
  refusal: Problem | null
}

const NO_LOG: RunLog = { run: 0, first: 0, lines: [] }

export const useStudio = create<StudioStore>(() => ({ snapshot: null, log: NO_LOG, asked: null, refusal: null }))

/** Asks main, and hands its answer or refusal on. */
export function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<Envelope<CallOutput<N>>> {
  return window.studio.call(name, input)
}

/** Asks main. A refusal is shown at the foot of the window; null is then returned. */
export async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N> | null> {
  const answer = await ask(name, input)
  useStudio.setState({ refusal: answer.ok ? null : answer.problem })
  return answer.ok ? answer.value : null
}

/** Makes choices. They show at once, so that the next one builds on them, until main shows them; a refusal takes them back. */
export async function choose(choices: Choices): Promise<void> {
  useStudio.setState({ asked: choices })
  await call('plan.choose', choices)
  await loadSnapshot()
  if (useStudio.getState().asked === choices) useStudio.setState({ asked: null })
}

/** Makes choices that fit; returns why others do not, for people. */
export function chooseIfFits(wanted: unknown): string | null {
  const parsed = choicesSchema.safeParse(wanted)
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'This does not fit.'
  void choose(parsed.data)
  return null
}

/** Waits until main has shown, or refused, every choice made so far. */
export function choicesAnswered(): Promise<void> {
  if (useStudio.getState().asked === null) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = useStudio.subscribe(({ asked }) => {
      if (asked !== null) return
      stop()
      resolve()
    })
  })
}

async function loadSnapshot(): Promise<void> {
  const answer = await ask('host.snapshot', null)
  if (answer.ok) showSnapshot(answer.value)
}

async function loadLog(): Promise<void> {
  const answer = await ask('host.log', null)
  if (answer.ok) useStudio.setState({ log: answer.value })
}

/** Parts that are as they were stay the same objects, so that only what changed is drawn again. */
function showSnapshot(next: Snapshot): void {
  useStudio.setState(({ snapshot }) => ({ snapshot: snapshot === null ? next : reconciled(snapshot, next) }))
}

type EventSchemas = { [N in EventName]: z.ZodType<EventOf<N>> }
const SCHEMAS: EventSchemas = events

/** Calls `take` with each event of a kind. One that does not fit its schema is reported at the foot of the window. */
export function onEvent<N extends EventName>(name: N, take: (value: EventOf<N>) => void): void {
  const schema: EventSchemas[N] = SCHEMAS[name]
  window.studio.on(name, (value) => {
    const parsed = schema.safeParse(value)
    if (parsed.success) take(parsed.data)
    else useStudio.setState({ refusal: notUnderstood(parsed.error) })
  })
}

function notUnderstood({ message: detail }: Error): Problem {
  const message = 'The program sent something this window does not understand.'
  return { code: 'protocol', message, detail, hint: 'Start the program again; it may have been updated meanwhile.' }
}

/** Keeps the mirror in step with main from now on. */
export function followMain(): void {
  onEvent('snapshot', showSnapshot)
  onEvent('progress', ({ phase, log: news }) => {
    const { snapshot, log } = useStudio.getState()
    if (snapshot !== null) useStudio.setState({ snapshot: { ...snapshot, phase } })
    const joined = logJoined(log, news)
    if (joined === null) void loadLog()
    else useStudio.setState({ log: joined })
  })
  void loadSnapshot()
  void loadLog()
}
