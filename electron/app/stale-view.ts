import { type Problem, problemOf } from '#shared/base/problem.ts'

/** The problem of an action after which the host could not be looked at either: what is shown may be older. */
export function withStaleView(problem: Problem, thrown: unknown): Problem {
  const { message, detail } = problemOf(thrown)
  const older = `What is shown may be older: the host could not be looked at again (${message}).`
  return { ...problem, hint: joined(problem.hint, ' ', older), detail: joined(problem.detail, '\n', detail) }
}

function joined(text: string | null, between: string, more: string | null): string | null {
  return text === null || more === null ? (text ?? more) : `${text}${between}${more}`
}
