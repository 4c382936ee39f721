import { setTimeout as sleep } from 'node:timers/promises'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { makePlace } from '#host/temporary-place.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Proofs } from '#shared/facts/proofs.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { withQmp } from '../qmp/client.ts'
import { LIMIT_MS, runAsUser } from './as-user.ts'
import { startTpm } from './dry-tpm.ts'

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
    const run = place.directory
    const tpm = definition.tpm ? await startTpm({ definition, asRoot }) : null
    const args = flatten(vmArguments(definition, facts.qemu, false, run)).map((word) =>
      tpm === null ? word : word.replace(vmPaths(definition.name, run).tpm, tpm.socket),
    )
    const running = runAsUser(binary, args, { definition, asRoot })
    const { accepted, said } = await runUntilReady(running, vmPaths(definition.name, run).qmp)
    const refused = tpm === null ? '' : await tpm.end()
    const argv = flatten(vmArguments(definition, facts.qemu, false)).join(' ')
    const words = accepted || refused === '' ? said : `${refused}\n${said}`
    return { at: new Date().toISOString(), argv, accepted, said: words }
  } finally {
    await place.remove()
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
