import { z } from 'zod'

/** Every way something can go wrong. Callers compare codes, never message text. */
const problemCode = z.enum([
  'usage', // the request itself makes no sense
  'not-found', // a named thing does not exist
  'bad-recording', // a recording is malformed, of another version or lacks a read
  'permission', // the operating system said no
  'no-helper', // the privileged helper cannot be started
  'dismissed', // the admin closed the authentication dialog
  'conflict', // the host is no longer as the plan saw it
  'refused', // the change would take something the host needs
  'in-use', // a process holds the device
  'tool-missing', // a program of the distribution is not installed
  'tool-failed', // a program ran and reported failure
  'disk-full', // not enough room to do it and to be able to take it back
  'interrupted', // the helper was told to end before it was done
  'disk-fault', // the disk itself gives errors
  'reboot-needed', // only a reboot gets out of this state
  'unsupported', // a known case that is not handled yet
  'protocol', // a message that does not fit its schema
  'journal', // the journal cannot be read or written
  'no-definition', // there is no VM yet, or its files are not this version's
  'vm-off', // nobody is there: the VM is off, or has just ended
  'vm-running', // the VM is there already
  'vm-failed', // the VM does not start, or does not end
  'qmp', // QEMU does not answer as it should, or refuses
  'agent', // the guest's agent does not answer as it should, or refuses
  'guest-stays', // the guest was asked to shut down and is still there
  'busy', // another action is under way
  'internal', // a defect of ours
])
export type ProblemCode = z.infer<typeof problemCode>

/** The only form in which an error crosses a process boundary: what and where, why, what to do next. */
export const problem = z.strictObject({
  code: problemCode,
  message: z.string(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
})
export type Problem = z.infer<typeof problem>

interface More {
  /** What to do next, as a sentence. */
  hint: string
  detail?: string
  cause?: unknown
}

/** A Problem that can be thrown inside one process. */
export class ProblemError extends Error {
  readonly problem: Problem

  /** A defect of ours may leave out what to do next; everything else says it. */
  constructor(code: 'internal', message: string, more?: Partial<More>)
  constructor(code: Exclude<ProblemCode, 'internal'>, message: string, more: More)
  constructor(code: ProblemCode, message: string, more: Partial<More> = {}) {
    super(message, { cause: more.cause })
    this.name = 'ProblemError'
    this.problem = { code, message, detail: more.detail ?? null, hint: more.hint ?? null }
  }

  /** Rebuilds the error from a Problem that came over the wire. */
  static from(problem: Problem): ProblemError {
    const error = new ProblemError('internal', problem.message)
    return Object.assign(error, { problem })
  }
}

const MAX_ISSUES = 20

/** Turns anything thrown into a Problem; what nobody foresaw becomes `internal` with the stack as detail. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem
  if (thrown instanceof z.ZodError) {
    return {
      code: 'protocol',
      message: 'A message does not fit its schema.',
      // One for each element of a long list says no more than the first few.
      detail: z.prettifyError(new z.ZodError(thrown.issues.slice(0, MAX_ISSUES))),
      hint: 'Program and helper may be of different versions; About says so. Else this is a defect, and the detail belongs in a report.',
    }
  }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'internal', message, detail, hint: 'This is a defect; the detail belongs in a report.' }
}

/** One line for a terminal: what and where; what next. */
export function problemLine(problem: Problem): string {
  return problem.hint === null ? problem.message : `${problem.message} ${problem.hint}`
}
