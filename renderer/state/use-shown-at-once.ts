import { startTransition, useOptimistic } from 'react'
import { choicesAnswered } from './studio-store.ts'

/**
 * A control's value as it was picked, from the click on: main may need seconds until it has judged a choice, and a tick
 * that does not move reads as a click that was lost. Main's own value is shown again as soon as it has answered.
 */
export function useShownAtOnce<T>(value: T, choose: (next: T) => void): [T, (next: T) => void] {
  const [shown, show] = useOptimistic(value)
  const pick = (next: T) => {
    startTransition(async () => {
      show(next)
      choose(next)
      await choicesAnswered()
    })
  }
  return [shown, pick]
}
