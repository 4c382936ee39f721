import { createInterface, type Interface } from 'node:readline'
import { z } from 'zod'
import { connectUsers } from '#host/users-socket.ts'
import type { System } from '#shared/base/system.ts'
import { REPORT_PREFIX } from '#shared/facts/guest-report.ts'
import { type VmDefinition, type VmPaths, vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { rootCopy } from '../network/guard.ts'

/** The verb that makes this program end one VM whose guest is not up, instead of serving requests. */
export const UNLESS_UP_VERB = '--end-unless-up'
const ANSWER_LIMIT_MS = 10_000
const NO_TIMER = 'Without that timer nobody would bring the picture back; choose in step 8 that nothing watches.'

/** Timer and service that look whether a guest came up share this name. */
function comeBackUnit(name: string): string {
  return `passthrough-studio-back-${name}`
}

/**
 * Starts a transient timer of systemd that ends the VM once its minutes are over, unless its guest is up by then: the
 * host then has its picture back, whatever became of app, session and this process. Returns what the VM's own unit is
 * told, so that the timer ends with it.
 */
export async function armComeBack(system: System, { name, atStart }: VmDefinition): Promise<string[]> {
  const minutes = atStart?.minutes ?? null
  if (minutes === null) return []
  const unit = comeBackUnit(name)
  await system.run('systemctl', ['stop', `${unit}.timer`], { expect: 'any' })
  const described = ['--quiet', '--collect', '--unit', unit, '--description', `Brings the picture back from "${name}"`]
  const timer = ['--on-active', `${minutes * 60}s`, '--timer-property', 'AccuracySec=1s']
  const program = system.simulated ? ['helper'] : await rootCopy(system)
  const words = [...described, ...timer, '--', ...program, UNLESS_UP_VERB, name]
  await system.run('systemd-run', words, { hint: NO_TIMER })
  return [`ExecStopPost=-+/bin/systemctl stop ${unit}.timer`]
}

/** What that timer runs. Returns in a sentence what it did. */
export async function endUnlessUp(system: System, name: string, paths: VmPaths = vmPaths(name)): Promise<string> {
  if (await guestIsUp(system, paths)) return `The guest of "${name}" is up; it stays.`
  await system.run('systemctl', ['stop', vmUnit(name)])
  return `The guest of "${name}" did not come up in time; the VM was ended, and the host has its cards back.`
}

/** Whether the guest's agent has opened its port, or the proof guest has reported. A QEMU that says nothing is not up. */
async function guestIsUp(system: System, { qmp, serialLog }: VmPaths): Promise<boolean> {
  const serial = await system.read(serialLog)
  if (serial.kind === 'text' && serial.text.includes(`${REPORT_PREFIX} end`)) return true
  try {
    return await agentIsThere(qmp)
  } catch {
    // No QEMU, no answer in time or none that is understood: nobody sees a guest.
    return false
  }
}

/** `frontend-open` of the agent's channel: a program in the guest has its port open (QEMU, query-chardev). */
const channels = z.looseObject({
  id: z.literal('channels'),
  return: z.array(z.looseObject({ label: z.string(), 'frontend-open': z.boolean() })),
})

async function agentIsThere(path: string): Promise<boolean> {
  const socket = await connectUsers(path, ANSWER_LIMIT_MS)
  const lines = createInterface({ input: socket })
  const limit = setTimeout(() => lines.close(), ANSWER_LIMIT_MS)
  for (const over of ['error', 'close']) socket.on(over, () => lines.close())
  try {
    socket.write('{"execute":"qmp_capabilities"}\n{"execute":"query-chardev","id":"channels"}\n')
    return await openIn(lines)
  } finally {
    clearTimeout(limit)
    socket.destroy()
  }
}

async function openIn(lines: Interface): Promise<boolean> {
  for await (const line of lines) {
    const answer = channels.safeParse(JSON.parse(line))
    if (answer.success) return answer.data.return.some((one) => one.label === 'agent0' && one['frontend-open'])
  }
  return false
}
