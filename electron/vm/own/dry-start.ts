import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { runTool } from '#host/exec/run-tool.ts'
import { errnoOf } from '#host/file-reader.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Proofs } from '#shared/facts/proofs.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { withQmp } from '../qmp/client.ts'

export const LIMIT_MS = 300_000
/** 1: it does not take its arguments, and says why. */
export const REFUSES = { timeoutMs: LIMIT_MS, expect: [0, 1] }
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
    const asRoot = facts.session.uid === 0
    if (asRoot) await chown(directory, definition.user.uid, definition.user.gid)
    const tpm = definition.tpm ? await startTpm(definition, directory, asRoot) : null
    const running = runAsUser(binary, args, definition, asRoot)
    const qmp = vmPaths(definition.name, directory).qmp
    const ended = await runUntilReady(running, qmp).finally(() => endTpm(tpm))
    const argv = flatten(vmArguments(definition, facts.qemu, false)).join(' ')
    return { at: new Date().toISOString(), argv, ...ended }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Runs a tool as the VM's user, for which root drops everything first. */
function runAsUser(tool: Tool, args: string[], { user }: VmDefinition, asRoot: boolean): Promise<ToolResult> {
  const identity = ['--reuid', String(user.uid), '--regid', String(user.gid), '--init-groups']
  const drop = [...identity, '--no-new-privs', '--inh-caps=-all', '--', tool]
  return runTool(asRoot ? 'setpriv' : tool, asRoot ? [...drop, ...args] : args, REFUSES)
}

/** A TPM with a state of its own: the VM's is not touched. Returns its process id once its socket is there. */
async function startTpm(definition: VmDefinition, directory: string, asRoot: boolean): Promise<number | null> {
  const pidFile = join(directory, 'tpm.pid')
  const control = `type=unixio,path=${vmPaths(definition.name, directory).tpm}`
  const args = ['socket', '--tpm2', '--tpmstate', `dir=${directory}`, '--ctrl', control, '--terminate']
  const { exitCode } = await runAsUser('swtpm', [...args, '--daemon', '--pid', `file=${pidFile}`], definition, asRoot)
  return exitCode === 0 ? Number(await readFile(pidFile, 'utf8')) : null
}

/** It ends with QEMU's connection; a QEMU that refused its arguments never connected. */
function endTpm(pid: number | null): void {
  if (pid === null) return
  try {
    kill(pid, 'SIGTERM')
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ESRCH') throw thrown
  }
}

/** Has QEMU quit as soon as its control socket answers: by then everything it was given is in place. */
export async function runUntilReady(
  running: Promise<ToolResult>,
  qmp: string,
): Promise<{ accepted: boolean; said: string }> {
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
