import { useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { accountOf } from '#shared/plan/account-of.ts'
import { accountPassword } from '#shared/vm/answers/names.ts'

/** What an admin has to say before a plan is applied, as it is typed. */
interface Said {
  /** The danger that is confirmed by typing; null: there is none. */
  confirm: StepView['plan']['confirm']
  typed: string
  type: (text: string) => void
  /** The account in a guest whose password the plan needs; null: it needs none. */
  account: string | null
  password: string
  typePassword: (text: string) => void
  /** Whether all of it was said. */
  complete: boolean
  /** Applies the plan; the password is forgotten at once. */
  apply: () => void
}

/** What is said of a plan; nothing of one without changes. */
export function useSaid({ id, plan }: StepView, changes: boolean): Said {
  const [typed, type] = useState('')
  const [password, typePassword] = useState('')
  const confirm = changes ? plan.confirm : null
  const account = changes && id === 'definition' ? accountOf(plan) : null
  const confirmed = confirm === null || typed === confirm.type
  const complete = confirmed && (account === null || accountPassword.safeParse(password).success)
  const apply = () => {
    typePassword('')
    const said = { typed: typed === '' ? null : typed, password: account === null ? null : password }
    void call('plan.apply', { planId: plan.id, ...said })
  }
  return { confirm, typed, type, account, password, typePassword, complete, apply }
}
