import type { DecisionView } from '#shared/vm/options/topic.ts'

/** A value and why it is that one; shown beside the field. */
export interface Decided<T> {
  value: T
  reason: string
}

/** A decision as it is shown. */
export function inWords<T>({ value, reason }: Decided<T>, say: (value: T) => string): DecisionView {
  return { value: say(value), reason }
}

export function onOff(on: boolean): string {
  return on ? 'on' : 'off'
}
