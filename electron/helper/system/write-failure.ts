import { errnoOf } from '#host/file-reader.ts'
import { ProblemError } from '#shared/base/problem.ts'

type Code = 'permission' | 'disk-full' | 'disk-fault'

/** What the kernel says when a file cannot be written (errno(3)), and what helps. */
const FAILURES: Readonly<Record<string, { code: Code; why: string; hint: string }>> = {
  EROFS: {
    code: 'permission',
    why: 'the filesystem is read-only',
    hint: 'Image-based systems keep /etc elsewhere. One that became read-only by itself has errors: see journalctl -k.',
  },
  EACCES: { code: 'permission', why: 'it is not allowed', hint: 'The helper has to run as root.' },
  EPERM: {
    code: 'permission',
    why: 'it is not allowed',
    hint: 'It may be marked immutable: lsattr tells, chattr -i takes the mark away.',
  },
  ENOSPC: { code: 'disk-full', why: 'the disk is full', hint: 'Make room, then try again.' },
  EDQUOT: { code: 'disk-full', why: 'the disk quota is used up', hint: 'Make room, or raise the quota (quota(1)).' },
  EFBIG: {
    code: 'disk-full',
    why: 'it would be larger than is allowed',
    hint: 'Raise the limit for the size of a file (ulimit -f), or use another filesystem.',
  },
  EIO: {
    code: 'disk-fault',
    why: 'the disk gives an error',
    hint: 'Back up what matters, then check the disk: journalctl -k says which (smartctl -a).',
  },
}

/** The problem of a write that failed. One that nobody foresaw is `internal`. */
export function writeFailure(thrown: unknown, path: string): ProblemError {
  const errno = errnoOf(thrown)
  const known = FAILURES[errno]
  if (known === undefined)
    return new ProblemError('internal', `${path} cannot be written: ${errno}.`, { cause: thrown })
  const message = `${path} cannot be written: ${known.why} (${errno}).`
  return new ProblemError(known.code, message, { hint: known.hint, cause: thrown })
}
