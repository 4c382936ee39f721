import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { recordHost } from '#app/report/record-host.ts'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Command } from './arguments.ts'
import { factsJson } from './facts-json.ts'

/** Prints everything known of the host, as JSON; with --record also writes what was read for it. */
export async function facts(studio: Studio, command: Command): Promise<number> {
  const { facts: known } = studio.current
  if (known === null) throw new ProblemError('internal', 'The host was not looked at.')
  if (command.record !== null) await record(studio, command.record)
  stdout.write(factsJson(known))
  return 0
}

async function record(studio: Studio, directory: string): Promise<void> {
  const recorded = await recordHost(studio.session.host, studio.current.saved)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'host.json'), `${JSON.stringify(recorded, null, 1)}\n`)
}
