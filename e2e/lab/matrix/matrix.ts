import { join } from 'node:path'
import { z } from 'zod'
import type { Pair } from '../image.ts'
import type { Notes } from '../notes.ts'

/** One JSON file for each pair of this run; the table is printed from them. */
export const ROWS = join(import.meta.dirname, '../../artifacts/matrix')

const early = z.strictObject({
  messages: z.array(z.string()),
  competitors: z.array(z.string()),
  early: z.string().nullable(),
})

export const row = z.strictObject({
  loader: z.string(),
  initramfs: z.string(),
  cells: z.record(z.string(), z.string()),
})
export type Row = z.infer<typeof row>

/** Seconds of a kernel message's time stamp, `[    3.141592] text`. */
function secondsOf(line: string): number {
  return Number(/^\[\s*([\d.]+)\]/u.exec(line)?.[1] ?? Number.NaN)
}

/** What the kernel said in one boot about the card and the root filesystem; times in seconds since the kernel began. */
export function earlyBoot(notes: Notes, boot: number) {
  const seen = early.parse(notes.value(`early boot ${boot}`))
  const firstMessage = (words: string) => secondsOf(seen.messages.find((line) => line.includes(words)) ?? '')
  return { ...seen, firstMessage, rootMounted: firstMessage('EXT4-fs') }
}

/** Seconds from the kernel's start to the job's, for each boot. */
export function bootSeconds(log: string): number[] {
  return [...log.matchAll(/^lab: job, boot \d+, uptime ([\d.]+)$/gmu)].map((match) => Number(match[1]))
}

function yes(done: boolean, seconds?: number): string {
  return `${done ? 'yes' : 'NO'}${seconds === undefined ? '' : ` ${Math.round(seconds)} s`}`
}

/** One line of the table, from what was noted and before anything is judged, so that a failed pair has its line too. */
export function rowOf(pair: Pair, notes: Notes, boots: readonly number[]): Row {
  const applied = ['apply kernel', 'apply boot', 'apply bind --confirm 01:00.0'].map((words) => notes.verb(words))
  const seconds = (verbs: readonly { seconds: number }[]) => verbs.reduce((sum, verb) => sum + verb.seconds, 0)
  const undo = notes.verb('undo --all')
  const bound = notes.drivers('boot 3').drivers.every((name) => name === 'vfio-pci')
  const identical = notes.differences('undone').length + notes.differences('after everything').length === 0
  return {
    ...pair,
    cells: {
      apply: yes(
        applied.every((verb) => verb.exitCode === 0),
        seconds(applied),
      ),
      reboot: yes(notes.drivers('boot 2').groups > 0, boots[1]),
      'early bind': yes(bound && earlyBoot(notes, 3).early !== null, boots[2]),
      'rescue entry': yes(
        notes.drivers('rescue boot').drivers.every((name) => name !== 'vfio-pci'),
        boots[3],
      ),
      undo: yes(undo.exitCode === 0, undo.seconds),
      'byte-identical': yes(identical),
      'host driver back': yes(!notes.drivers('boot 5').drivers.includes('vfio-pci'), boots[4]),
    },
  }
}
