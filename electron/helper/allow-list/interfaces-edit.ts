import { OWN_FILES } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'

const DIRECTORY = '/etc/network/interfaces.d/'
/** `iface NAME FAMILY METHOD` (interfaces(5)): what stands before the method, the method, blanks behind it. */
const IFACE = /^(\s*iface\s+\S+\s+inet6?\s+)\S+(\s*)$/u

/** Whether a file of interfaces(5) belongs to the administrator; our own bridge's lies beside them. */
export function isInterfacesOfOthers(path: string): boolean {
  return path !== OWN_FILES.interfacesBridge && (path === OWN_FILES.interfaces || path.startsWith(DIRECTORY))
}

/**
 * ifup runs what such a file says, as root. Of an administrator's own therefore only the method on `iface` lines may
 * change, and only to `manual`. `before` is the file's text now, null where there is none.
 * @throws ProblemError `refused` for any other difference.
 */
export function assertMethodWordsOnly(path: string, before: string | null, after: string): void {
  const [old, wanted] = [(before ?? '').split('\n'), after.split('\n')]
  const strange =
    before === null || old.length !== wanted.length
      ? 'lines are added or taken out'
      : old.some((line, index) => !sameOrManual(line, wanted[index] ?? ''))
        ? 'more than the method of an iface line changes'
        : null
  if (strange === null) return
  throw new ProblemError('refused', `${path} is not changed: ${strange}.`, {
    hint: 'Nothing was done. What may change in this file is in docs/SECURITY.md.',
  })
}

function sameOrManual(line: string, wanted: string): boolean {
  if (line === wanted) return true
  const [, head, tail] = IFACE.exec(line) ?? []
  return head !== undefined && wanted === `${head}manual${tail}`
}
