/** One word for a POSIX shell. Plain words stay as they are, everything else goes into single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_/.:=,@%+-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
