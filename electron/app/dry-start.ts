import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Facts, Proofs } from '../../shared/facts.ts'
import { problemOf } from '../../shared/problem.ts'
import type { Tool } from '../../shared/system.ts'
import { isUnknown } from '../../shared/unknown.ts'
import { type VmDefinition, vmPaths } from '../../shared/vm.ts'
import { runTool } from '../host/exec.ts'
import { flatten, vmArguments } from '../machine/argv.ts'
import { withQmp } from '../qmp/client.ts'

const LIMIT_MS = 300_000
/** QEMU's name on this host, as a tool of the closed list. */
export const BINARIES: Readonly<Record<string, Tool>> = {
  'qemu-system-x86_64': 'qemu-system-x86_64',
  'qemu-kvm': 'qemu-kvm',
}

/**
 * Starts QEMU paused with everything but the card, in a private temporary directory, and ends it again.
 * Whether it accepts the arguments is then known, not believed. As root it drops to the VM's user first.
 */
export async function dryStart(definition: VmDefinition, facts: Facts): Promise<Proofs['dryStart']> {
  if (facts.qemu === null || isUnknown(facts.qemu)) return null
  const binary = BINARIES[facts.qemu.binary]
  if (binary === undefined) return null
  const directory = await mkdtemp(join(tmpdir(), 'passthrough-studio-'))
  try {
    const args = flatten(vmArguments(definition, facts.qemu, false, directory))
    const ended = await startAndEnd(binary, args, definition, facts.session.uid === 0, directory)
    const argv = flatten(vmArguments(definition, facts.qemu, false)).join(' ')
    return { at: new Date().toISOString(), argv, ...ended }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function startAndEnd(
  binary: Tool,
  args: string[],
  definition: VmDefinition,
  asRoot: boolean,
  directory: string,
): Promise<{ accepted: boolean; said: string }> {
  const { uid, gid } = definition.user
  if (asRoot) await chown(directory, uid, gid)
  const drop = [
    '--reuid',
    String(uid),
    '--regid',
    String(gid),
    '--init-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--',
    binary,
  ]
  const qmp = vmPaths(definition.name, directory).qmp
  return asRoot ? runUntilReady('setpriv', [...drop, ...args], qmp) : runUntilReady(binary, args, qmp)
}

/** Starts QEMU and has it quit as soon as its control socket answers: by then everything it was given is in place. */
export async function runUntilReady(
  tool: Tool,
  args: string[],
  qmp: string,
): Promise<{ accepted: boolean; said: string }> {
  const running = runTool(tool, args, { timeoutMs: LIMIT_MS })
  let ended = false
  const finished = running.finally(() => (ended = true))
  finished.catch(() => undefined)
  const quit = await quitWhenReady(qmp, () => ended)
  try {
    const result = await finished
    const said = result.stderr.trim()
    return { accepted: quit && result.exitCode === 0, said: said === '' ? `exit code ${result.exitCode}` : said }
  } catch (thrown) {
    return { accepted: false, said: problemOf(thrown).message }
  }
}

/** Tells QEMU to quit as soon as it answers; false when it ended by itself before. */
async function quitWhenReady(qmp: string, ended: () => boolean): Promise<boolean> {
  while (!ended()) {
    const told = await withQmp(qmp, LIMIT_MS, (client) => client.command('quit')).then(
      () => true,
      () => false,
    )
    if (told) return true
    await sleep(100)
  }
  return false
}
