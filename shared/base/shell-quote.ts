/** One word for a POSIX shell. Plain words stay as they are, everything else goes into single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_/.:=,@%+-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Returns a whole command for a POSIX shell: the program, then each word quoted where it has to be. */
export function shellWords({ tool, args }: { tool: string; args: readonly string[] }): string {
  return [tool, ...args.map(shellQuote)].join(' ')
}
