import { formatKernelArgs, type KernelArgs, withoutArgs } from '#shared/facts/kernel-args.ts'

/**
 * Appends arguments inside the quotes of the last `NAME="..."` of a shell-style defaults file, and keeps
 * every other byte: comments, order, quote character. A missing variable is added as a line of its own, and a plain
 * word gets quotes. null: the value is computed by the shell, so it cannot be extended safely.
 */
export function appendToVariable(text: string, name: string, args: KernelArgs): string | null {
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => line.startsWith(`${name}=`))
  const line = lines[index]
  if (line === undefined) return `${withNewline(text)}${name}="${formatKernelArgs(args)}"\n`
  const word = new RegExp(`^${name}=([A-Za-z0-9_.,:/=-]*)(\\s.*)?$`, 'u').exec(line)
  if (word !== null) {
    lines[index] = `${name}="${formatKernelArgs([...(word[1] ? [word[1]] : []), ...args])}"${word[2] ?? ''}`
    return lines.join('\n')
  }
  const close = closingQuote(line, name.length + 1)
  if (close < 0) return null
  const inside = line.slice(name.length + 2, close)
  const gap = inside === '' || inside.endsWith(' ') ? '' : ' '
  lines[index] = `${line.slice(0, close)}${gap}${formatKernelArgs(args)}${line.slice(close)}`
  return lines.join('\n')
}

/** Takes arguments out of every line that gives one of these variables a value, and keeps every other byte. */
export function takeFromVariables(text: string, names: readonly string[], remove: KernelArgs): string {
  const gives = (line: string) => names.some((name) => new RegExp(`^\\s*(?:export\\s+)?${name}\\+?=`, 'u').test(line))
  return text
    .split('\n')
    .map((line) => (gives(line) ? withoutArgs(line, remove) : line))
    .join('\n')
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Position of the quote that closes the one at `open`; -1 when the value is not one quoted text. */
function closingQuote(line: string, open: number): number {
  const quote = line[open]
  return quote === '"' || quote === "'" ? line.indexOf(quote, open + 1) : -1
}
