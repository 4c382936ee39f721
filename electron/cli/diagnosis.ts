import { open } from 'node:fs/promises'
import { stdin } from 'node:process'
import { MAX_TEXT } from '#core/diagnose/diagnose.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Answer, Diagnosis } from '#shared/ipc/diagnosis.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'

/** A text from outside, cut at its beginning when it is too long to be read whole. */
interface Given {
  text: string
  source: string
}

/** Reads a file, or stdin for `-`, keeping the end of what is longer than the limit. Throws `not-found`. */
export async function readGiven(file: string): Promise<Given> {
  return file === '-'
    ? { text: await readStdin(), source: 'standard input' }
    : { text: await readTail(file), source: file }
}

/** One character more than is looked at, so that the diagnosis itself sees that something was cut. */
const KEPT = MAX_TEXT + 1

async function readTail(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const from = Math.max(0, size - KEPT)
      if (from === 0) return await file.readFile('utf8')
      const { buffer, bytesRead } = await file.read(Buffer.alloc(KEPT), 0, KEPT, from)
      return buffer.subarray(0, bytesRead).toString('utf8')
    } finally {
      await file.close()
    }
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : ''
    throw new ProblemError('not-found', `${path} cannot be read${why}.`, {
      hint: 'Give a readable file, or - for standard input.',
      cause: thrown,
    })
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let kept = 0
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    kept += chunk.length
    while (kept - (chunks[0]?.length ?? 0) > KEPT) kept -= chunks.shift()?.length ?? 0
  }
  return Buffer.concat(chunks).subarray(-KEPT).toString('utf8')
}

/** Returns the answers as others rely on them, most relevant first. */
export function diagnosisJson({ groups }: Diagnosis): string {
  const rows = groups.flat().map(({ id, cause, fix, severity, line, evidenceHere }) => ({
    id,
    cause,
    fix,
    severity,
    line,
    evidenceHere,
  }))
  return `${JSON.stringify(rows, null, 2)}\n`
}

/** Returns the answers as a person reads them: one block a fault, what else was said of it below. */
export function diagnosisText({ source, note, groups }: Diagnosis): string {
  const head = [source ?? 'No log could be read.', ...(note === null ? [] : [note])].join(' ')
  if (source === null && groups.length === 0) return `${head}\n`
  if (groups.length === 0) return `${head}\nNothing in it is known to this program. ${REPORT_HINT}\n`
  return `${head}\n\n${groups.map(groupText).join('\n')}`
}

const REPORT_HINT =
  'To report it, keep the text and add what "passthrough-studio report" makes; look through both before you publish them.'

function groupText([first, ...others]: readonly Answer[]): string {
  if (first === undefined) return ''
  const also = others.map((other) => `  also    ${other.id}: ${other.line ?? other.evidenceHere}\n`)
  const step = first.step === null ? '' : ` (step ${stepNumber(first.step)}, ${first.step})`
  return [
    `${first.severity}: ${first.id}\n`,
    first.line === null ? '' : `  said    ${first.line}\n`,
    `  cause   ${first.cause}\n`,
    `  here    ${first.evidenceHere}\n`,
    `  fix     ${first.fix}${step}\n`,
    ...also,
  ].join('')
}
