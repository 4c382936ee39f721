import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import type { Command } from './arguments.ts'

/** Keeps a new network before its time is up. */
export async function keep(studio: Studio, command: Command): Promise<number> {
  const { refusal } = studio.session.privilege.access
  if (refusal !== null) throw refusal
  await studio.confirmNetwork()
  const { verdict } = studio.viewOf('network')
  stdout.write(command.json ? `${JSON.stringify({ verdict })}\n` : `The new network is kept. ${verdict.text}\n`)
  return 0
}
