import { type KernelArgs, formatKernelArgs } from '../../shared/kernel-args.ts'

/**
 * Appends arguments inside the quotes of the last `NAME="..."` of a shell-style defaults file, and keeps
 * every other byte: comments, order, quote character. A missing variable is added as a line of its own.
 */
export function appendToVariable(text: string, name: string, args: KernelArgs): string {
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => line.startsWith(`${name}=`))
  const line = lines[index]
  if (line === undefined) return `${withNewline(text)}${name}="${formatKernelArgs(args)}"\n`
  const close = closingQuote(line, name.length + 1)
  const inside = line.slice(name.length + 2, close)
  const gap = inside === '' || inside.endsWith(' ') ? '' : ' '
  lines[index] = `${line.slice(0, close)}${gap}${formatKernelArgs(args)}${line.slice(close)}`
  return lines.join('\n')
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Position of the quote that closes the one at `open`; a value without quotes cannot be extended safely. */
function closingQuote(line: string, open: number): number {
  const quote = line[open]
  const close = quote === '"' || quote === "'" ? line.indexOf(quote, open + 1) : -1
  if (close < 0) throw new RangeError(`not a quoted value: ${line}`)
  return close
}
