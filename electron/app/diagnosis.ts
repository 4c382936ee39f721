import { diagnose } from '#core/diagnose/diagnose.ts'
import type { Host } from '#host/host.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Tool } from '#shared/base/system.ts'
import { plural } from '#shared/base/text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Diagnosis, DiagnosisRequest } from '#shared/ipc/diagnosis.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import type { Studio } from './studio.ts'

/** One log of the host: what it is called, and its text or why there is none. */
interface Log {
  source: string
  text: string | null
  why: string
}

/** Where the kernel's messages of this boot are found, best first. */
const KERNEL_LOGS: readonly { tool: Tool; args: readonly string[] }[] = [
  { tool: 'journalctl', args: ['-k', '-b', '--no-pager'] },
  { tool: 'dmesg', args: [] },
]

/** Answers what the window asks. Throws `usage` before the first look at the host. */
export async function diagnoseRequest(studio: Studio, request: DiagnosisRequest): Promise<Diagnosis> {
  const facts = mustHaveFacts(studio)
  if (request.kind === 'text') return diagnoseText(request.text, 'the pasted text', facts)
  return diagnoseLogs([request.kind === 'vm-log' ? await vmLog(studio) : await kernelLog(studio.session.host)], facts)
}

/** Returns the VM's own log and the kernel's, whichever can be read. */
export async function diagnoseHost(studio: Studio): Promise<Diagnosis> {
  const facts = mustHaveFacts(studio)
  return diagnoseLogs([await kernelLog(studio.session.host), await vmLog(studio)], facts)
}

/** Recognises failures in a text that was handed in. `source` names it in a sentence. */
export function diagnoseText(text: string, source: string, facts: Facts): Diagnosis {
  return { source: `Read ${lineCount(text)} of ${source}.`, ...diagnose(text, facts) }
}

function diagnoseLogs(logs: readonly Log[], facts: Facts): Diagnosis {
  const read = logs.filter((log): log is Log & { text: string } => log.text !== null)
  const { note, groups } = diagnose(read.map(({ text }) => text).join('\n'), facts)
  const sources = read.map(({ source, text }) => `${lineCount(text)} of ${source}`)
  const missing = logs.filter(({ text }) => text === null).map(({ source, why }) => `Not read: ${source}. ${why}`)
  return {
    source: sources.length === 0 ? null : `Read ${sources.join(' and ')}.`,
    note: [...missing, ...(note === null ? [] : [note])].join(' ') || null,
    groups,
  }
}

function lineCount(text: string): string {
  return plural(text.split('\n').filter((line) => line.trim() !== '').length, 'line')
}

/** Returns what QEMU and its start script wrote since the last start. */
export async function vmLog(studio: Studio): Promise<Log> {
  const name = studio.definition()?.name
  if (name === undefined) return { source: 'the VM’s log', text: null, why: 'There is no VM yet.' }
  const path = vmPaths(name).log
  const result = await readLog(() => studio.session.host.read(path))
  if (typeof result === 'string') return { source: path, text: null, why: result }
  if (result.kind === 'text') return { source: path, text: result.text, why: '' }
  const nothing =
    studio.session.host.kind === 'simulated'
      ? 'Simulated: no QEMU really runs, so it says nothing.'
      : 'The VM was not started since this host booted.'
  const why = result.kind === 'absent' ? nothing : `${result.why}.`
  return { source: path, text: null, why }
}

async function kernelLog(host: Host): Promise<Log> {
  const reasons: string[] = []
  for (const { tool, args } of KERNEL_LOGS) {
    const source = [tool, ...args].join(' ')
    const result = await readLog(() => host.run(tool, args))
    if (typeof result === 'string') reasons.push(result)
    else if (result === null) reasons.push(`${tool} is not installed.`)
    else if (hasEntries(result.stdout)) return { source, text: result.stdout, why: '' }
    else reasons.push(`${tool}: ${firstLine(result.stderr) ?? 'no entries'}.`)
  }
  return { source: 'the kernel log', text: null, why: [...new Set(reasons)].join(' ') }
}

/** journalctl prints such a line instead of nothing. */
function hasEntries(text: string): boolean {
  return text.split('\n', 3).some((line) => line.trim() !== '' && !line.startsWith('-- '))
}

function firstLine(text: string): string | null {
  const line = text.split('\n').find((one) => one.trim() !== '')
  return line?.trim().replace(/\.$/u, '') ?? null
}

/** Reads a log; what cannot be read is returned as a reason, not thrown: a recording without it, or a missing tool. */
async function readLog<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem.message
    throw thrown
  }
}

function mustHaveFacts({ current }: Studio): Facts {
  if (current.facts !== null) return current.facts
  throw new ProblemError('usage', 'The host has not been looked at yet.', { hint: 'Wait for the first look to end.' })
}
