import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'

/** Where a user's files of each kind lie unless the environment says otherwise (XDG base directory specification). */
const HOMES = {
  config: ['XDG_CONFIG_HOME', '.config'],
  data: ['XDG_DATA_HOME', '.local/share'],
  state: ['XDG_STATE_HOME', '.local/state'],
} as const

/** Returns a user's directory for one kind of file, e.g. `~/.config`. */
export function xdgHome(kind: keyof typeof HOMES): string {
  const [name, usual] = HOMES[kind]
  const chosen = env[name]
  return chosen === undefined || chosen === '' ? join(homedir(), usual) : chosen
}
