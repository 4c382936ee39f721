import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from 'node:process'
import { ProblemError } from '#shared/base/problem.ts'
import type { Tool } from '#shared/base/system.ts'
import { rootsAlone } from './trust/roots-alone.ts'

/** Where tools are looked for, in order. The caller's PATH is never used. /usr/libexec holds qemu-kvm on RHEL, /usr/lib virtiofsd on Arch. */
const TOOL_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/libexec', '/usr/lib']

/**
 * Where NixOS has its programs: links into /nix/store, below a link that root makes. There is none elsewhere, so it
 * comes last, and what it leads to has to be root's alone.
 */
const NIXOS_DIRECTORY = '/run/current-system/sw/bin'

/** All that a program of the host finds in its environment. */
export const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', LANG: 'C' }

/** By which polkit finds the dialog of the session we are in. */
export const POLKIT_SESSION = { XDG_SESSION_ID: env['XDG_SESSION_ID'] ?? '' }

/** By which a tool finds the user's session bus. */
export function sessionBus(): Record<string, string> {
  const names = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR']
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

/** The first of these paths at which there is a program that we may run; null: none. */
export async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return null
}

/** Absolute path of a tool, or null when this host does not have it. */
export async function findTool(tool: Tool): Promise<string | null> {
  const usual = await firstExecutable(TOOL_DIRECTORIES.map((directory) => join(directory, tool)))
  if (usual !== null) return usual
  const linked = join(NIXOS_DIRECTORY, tool)
  return (await rootsAlone(linked)) && (await firstExecutable([linked])) !== null ? linked : null
}

/** Absolute path of a tool. Throws `tool-missing` when this host does not have it. */
export async function mustFindTool(tool: Tool): Promise<string> {
  const path = await findTool(tool)
  if (path !== null) return path
  throw new ProblemError('tool-missing', `${tool} is not installed.`, {
    hint: `Install the package of your distribution that has ${tool}, then check again.`,
  })
}

/** Arguments of setpriv(1) that drop everything of root's to a user. */
export function droppedTo({ uid, gid }: { uid: number; gid: number }): string[] {
  return ['--reuid', String(uid), '--regid', String(gid), '--init-groups', '--no-new-privs', '--inh-caps=-all']
}
