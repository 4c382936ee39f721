import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stdout } from 'node:process'
import { ProblemError } from '../../shared/problem.ts'
import { recordHost } from '../app/record-host.ts'
import type { Studio } from '../app/studio.ts'
import { redact } from '../host/redact.ts'
import type { Command } from './arguments.ts'

const KINDS: Readonly<Record<string, string>> = {
  host: 'host name',
  user: 'user name',
  uuid: 'UUID',
  uuidValue: 'filesystem id',
  diskId: 'disk id',
  serial: 'serial number',
  mac: 'MAC address',
  ip4: 'IP address',
  ip6: 'IPv6 address',
  machineId: 'machine id',
}

function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  return `${count} ${noun}${noun.endsWith('s') ? 'es' : 's'}`
}

/** Writes the redacted bundle: into a directory, or into a file when the name ends in .json. */
export async function report(studio: Studio, command: Command): Promise<number> {
  const { host } = studio.session
  if (host.told !== undefined)
    throw new ProblemError('usage', 'A pasted text makes no report.', { hint: 'Give the text itself to whoever asks.' })
  const { recording, replaced } = redact(await recordHost(host, studio.current.saved.proofs))
  const out = command.out ?? 'passthrough-studio-report'
  const path = out.endsWith('.json') ? out : join(out, 'host.json')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(recording, null, 1)}\n`)
  const kinds = Object.entries(replaced).map(([kind, count]) => counted(count, KINDS[kind] ?? kind))
  const text = `${path} is written. Replaced: ${kinds.join(', ') || 'nothing'}.\nLook through it before you pass it on. Replay: passthrough-studio doctor --host dir:${out}\n`
  stdout.write(command.json ? `${JSON.stringify({ path, replaced })}\n` : text)
  return 0
}
