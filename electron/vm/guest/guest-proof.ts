import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '#shared/base/problem.ts'
import { announcesAgent, type GuestReport, parseGuestReport } from '#shared/facts/guest-report.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { askGuest } from './ask-guest.ts'
import { AgentSilent } from './client.ts'

/** What the proof needs to know of the VM while it waits. */
export interface Watched {
  /** The socket of the agent's channel. */
  agent: string
  /** Returns all that the guest printed on its first serial port. */
  serialLog(): Promise<string>
  running(): Promise<boolean>
}

/** Under emulation unpacking an initramfs takes minutes. */
const SERIAL_LIMIT_MS = 600_000
/** From the proof guest's announcement of its agent to the agent's answer. */
const ANNOUNCED_LIMIT_MS = 90_000
/** A desktop guest that was just started needs as long as its system takes to boot. */
const AGENT_LIMIT_MS = 180_000
const ANSWER_LIMIT_MS = 10_000
const PAUSE_MS = 300

/**
 * Waits for what a running guest says of its card: through its agent, which tells drivers too; the proof guest also
 * says it on its serial port, which counts where no agent answers. Null: it ended, or said nothing in time. Throws the
 * agent's refusal, and for other guests AgentSilent.
 */
export async function guestProof(definition: VmDefinition, watched: Watched): Promise<GuestReport | null> {
  if (definition.profile !== 'proof-guest') return fromAgent(definition, watched, AGENT_LIMIT_MS)
  const serial = await serialReport(definition, watched)
  if (serial === null || !serial.agentFollows) return serial?.report ?? null
  try {
    return (await fromAgent(definition, watched, ANNOUNCED_LIMIT_MS)) ?? serial.report
  } catch (thrown) {
    if (thrown instanceof ProblemError) return serial.report
    throw thrown
  }
}

async function fromAgent({ name }: VmDefinition, watched: Watched, limitMs: number): Promise<GuestReport | null> {
  const deadline = Date.now() + limitMs
  for (;;) {
    try {
      return await askGuest(watched.agent, name, ANSWER_LIMIT_MS)
    } catch (thrown) {
      if (!(thrown instanceof AgentSilent) || Date.now() > deadline) throw thrown
      if (!(await watched.running())) return null
    }
    await sleep(PAUSE_MS)
  }
}

async function serialReport({ name }: VmDefinition, watched: Watched) {
  const deadline = Date.now() + SERIAL_LIMIT_MS
  while (Date.now() < deadline) {
    const log = await watched.serialLog()
    const report = parseGuestReport(log, { vm: name, at: new Date().toISOString(), source: 'serial' })
    if (report !== null) return { report, agentFollows: announcesAgent(log) }
    if (!(await watched.running())) return null
    await sleep(PAUSE_MS)
  }
  return null
}
