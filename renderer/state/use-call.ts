import { useEffect, useState } from 'react'
import type { CallInput, CallName, CallOutput } from '#shared/ipc/schema.ts'
import { call } from './studio-store.ts'

/** Calls that ask for something and take nothing. */
type Question = { [N in CallName]: null extends CallInput<N> ? N : never }[CallName]

/**
 * What main answers, asked again whenever `when` changes; `when` null: not now. The last answer stays until there is a
 * newer one; one that comes after a later question is dropped.
 * @returns null while nothing was answered yet, or main refused.
 */
export function useCall<N extends Question>(name: N, when: string | null): CallOutput<N> | null {
  const [answer, setAnswer] = useState<CallOutput<N> | null>(null)
  useEffect(() => {
    if (when === null) return undefined
    let current = true
    void ask(name).then((value) => {
      if (current) setAnswer(value)
    })
    return () => {
      current = false
    }
  }, [name, when])
  return answer
}

function ask<N extends Question>(name: N): Promise<CallOutput<N> | null> {
  return call(name, null as CallInput<N>)
}
