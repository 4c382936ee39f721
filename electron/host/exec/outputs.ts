import type { ChildProcess } from 'node:child_process'
import type { ToolRun } from '#shared/base/system.ts'
import { byLine, Kept } from './bounded.ts'

/** Longest text that is handed to a parser, in bytes. */
const LONGEST_TEXT = 16 * 1024 * 1024
/** What is kept of either end of a log, in bytes. */
const LOG_END = 32 * 1024

/** What a running tool prints. */
export interface Outputs {
  stdout: Kept
  stderr: Kept
  /** Bytes that came so far. */
  bytes: () => number
  /** Settles when it has printed more than anybody parses. */
  tooMuch: Promise<void>
  /** Reads no further, and hands out a last line without an end. */
  close: () => void
}

/**
 * Listens to both outputs of a tool. With `onLine` they are a log, of which beginning and end are kept; else stdout is a
 * text, which is whole or too much.
 */
export function listen(child: ChildProcess, { onLine }: ToolRun): Outputs {
  const stdout = onLine === undefined ? new Kept(LONGEST_TEXT, 0) : new Kept(LOG_END, LOG_END)
  const stderr = new Kept(LOG_END, LOG_END)
  const feeds = [stdout, stderr].map((kept) => ({ kept, lines: onLine === undefined ? null : byLine(onLine) }))
  const streams = [child.stdout, child.stderr]
  const tooMuch = new Promise<void>((resolve) => {
    for (const [index, { kept, lines }] of feeds.entries())
      streams[index]?.on('data', (piece: Buffer) => {
        kept.add(piece)
        lines?.add(piece)
        if (onLine === undefined && stdout.isCut) resolve()
      })
  })
  return {
    stdout,
    stderr,
    bytes: () => stdout.bytes + stderr.bytes,
    tooMuch,
    close: () => {
      for (const stream of streams) stream?.destroy()
      for (const { lines } of feeds) lines?.end()
    },
  }
}
