/** Programs that the proof guest is made of, and what the loader says that they need. */
const PROGRAMS = ['/bin/sh', '/bin/mount', '/bin/mkdir', '/bin/sleep']
const LIBC = '/lib64/libc.so.6'
const LOADER = '/lib64/ld-linux-x86-64.so.2'

export const PROGRAM_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  [...PROGRAMS, LIBC, LOADER].map((path) => [path, `program ${path}\n`]),
)

export const PROGRAM_COMMANDS: Readonly<Record<string, string>> = {
  [`ldd ${PROGRAMS.join(' ')}`]: PROGRAMS.map(
    (path) => `${path}:\n\tlibc.so.6 => ${LIBC} (0x00007f0000000000)\n\t${LOADER} (0x00007f0000200000)\n`,
  ).join(''),
}
