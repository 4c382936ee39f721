import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { runTool } from '#host/exec/run-tool.ts'
import { droppedTo } from '#host/exec/tools.ts'
import { makePlace } from '#host/temporary-place.ts'
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
  const asRoot = facts.session.uid === 0
  const place = await makePlace(asRoot ? definition.user : null)
  try {
    const args = flatten(vmArguments(definition, facts.qemu, false, place.directory))
    const endTpm = definition.tpm ? await startTpm(definition, place.directory, asRoot) : null
    const running = runAsUser(binary, args, definition, asRoot)
    const qmp = vmPaths(definition.name, place.directory).qmp
    const ended = await runUntilReady(running, qmp).finally(endTpm)
    const argv = flatten(vmArguments(definition, facts.qemu, false)).join(' ')
    return { at: new Date().toISOString(), argv, ...ended }
  } finally {
    await place.remove()
  }
}

/** Runs a tool as the VM's user, for which root drops everything first; ends it when `stop` says so. */
function runAsUser(
  tool: Tool,
  args: string[],
  { user }: VmDefinition,
  asRoot: boolean,
  stop?: AbortSignal,
): Promise<ToolResult> {
  const drop = [...droppedTo(user), '--', tool]
  const how = stop === undefined ? REFUSES : { ...REFUSES, stop }
  return runTool(asRoot ? 'setpriv' : tool, asRoot ? [...drop, ...args] : args, how)
}

/**
 * Starts a TPM with a state of its own: the VM's is not touched. Returns what ends it, once its socket is there or it
 * has ended by itself: QEMU says then what it misses. It ends with QEMU's connection, but one that refused its
 * arguments never connected. It is a child of ours, so no id that its user could have written down is needed to end it.
 */
async function startTpm(definition: VmDefinition, directory: string, asRoot: boolean): Promise<() => Promise<void>> {
  const socket = vmPaths(definition.name, directory).tpm
  const control = `type=unixio,path=${socket}`
  const args = ['socket', '--tpm2', '--tpmstate', `dir=${directory}`, '--ctrl', control, '--terminate']
  const stop = new AbortController()
  let over = false
  const isOver = () => over
  const ended = runAsUser('swtpm', args, definition, asRoot, stop.signal)
    .then(nothing, nothing)
    .finally(() => (over = true))
  while (!isOver() && !(await readdir(directory)).includes(basename(socket))) await sleep(20)
  return () => {
    stop.abort()
    return ended
  }
}

const nothing = () => undefined

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

/** Has QEMU quit as soon as it answers; false when it ended by itself before. */
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
