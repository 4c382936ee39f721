import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { Member } from './cpio.ts'
import { librariesOf } from './libraries.ts'

/** What the proof script runs beside built-ins of its shell. All distributions have them here, or a link to where they are. */
const PROGRAMS = ['/bin/sh', '/bin/mount', '/bin/mkdir', '/bin/sleep']
const MOUNT_POINTS = ['/proc', '/sys', '/dev', '/run']

const DIRECTORY = 0o040755
const EXECUTABLE = 0o100755

/**
 * This host's own shell and its three companions, with loader and libraries where the loader looks for them, as members
 * of an initramfs. So no initramfs of the host is copied, which only root may read on many hosts, and which on others
 * lies in no file of its own.
 * @throws ProblemError `unsupported` where a program is not there, or is not linked as distributions do it.
 */
export async function userland(system: System): Promise<Member[]> {
  const needed = await librariesOf(system, PROGRAMS)
  if (needed === null) throw unsupported('the loader does not tell what they need')
  const paths = [...PROGRAMS, needed.loader, ...needed.libraries]
  const files: Member[] = []
  for (const path of paths) {
    const data = await system.bytes(path)
    if (data === null) throw unsupported(`${path} is not there`)
    files.push({ name: path.slice(1), mode: EXECUTABLE, data })
  }
  const directories = new Set([...MOUNT_POINTS, ...paths.flatMap(directoriesAbove)])
  return [
    ...[...directories].map((path) => ({ name: path.slice(1), mode: DIRECTORY, data: new Uint8Array() })),
    ...files,
  ]
}

/** Outermost first, as the kernel unpacks in order. */
function directoriesAbove(path: string): string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}

function unsupported(why: string): ProblemError {
  const names = PROGRAMS.join(', ')
  return new ProblemError('unsupported', `The proof guest is made of ${names} of this host, and ${why}.`, {
    hint: 'Choose another kind of VM in step 8, with a disk image.',
  })
}
