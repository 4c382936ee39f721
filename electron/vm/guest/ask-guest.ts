import { ProblemError } from '#shared/base/problem.ts'
import { type GuestReport, parseGuestReport, printable } from '#shared/facts/guest-report.ts'
import { REPORT_SCRIPT } from '#shared/vm/report-script.ts'
import { type GuestAgent, withAgent } from './client.ts'
import { runInGuest } from './exec.ts'
import { guestInfo, guestOs, windowsDevices } from './messages.ts'
import { fromAgentDevices, parseWindows, WINDOWS_SCRIPT } from './windows.ts'

const LOOK_IN_GUEST = 'Look at the guest’s screen; the same commands can be tried there.'

/** Windows takes its time to list devices, and a guest under emulation for everything. */
const RUN_LIMIT_MS = 120_000
const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'

type Head = Pick<GuestReport, 'vm' | 'at'> & { source: 'agent' }

/**
 * Asks a guest's agent what PCI functions the guest sees and by which drivers. `limitMs` bounds each answer.
 * Throws `agent` when no agent answers, or when it may not tell.
 */
export function askGuest(socket: string, vm: string, limitMs: number): Promise<GuestReport> {
  return withAgent(socket, limitMs, async (agent) => {
    const info = guestInfo.parse(await agent.command('guest-info'))
    const may = (name: string) => info.supported_commands.some((one) => one.name === name && one.enabled)
    const os = may('guest-get-osinfo') ? guestOs.parse(await agent.command('guest-get-osinfo')) : {}
    const head: Head = { vm, at: new Date().toISOString(), source: 'agent' }
    const kernel = printable(os['kernel-release'] ?? '')
    // Only an agent in Windows has this command, also where it may not tell its system.
    if (os.id === 'mswindows' || may('guest-get-devices')) return windowsReport(agent, may, { ...head, kernel })
    if (!may('guest-exec')) throw barred('guest-exec')
    return linuxReport(agent, head)
  })
}

async function linuxReport(agent: GuestAgent, head: Head): Promise<GuestReport> {
  const said = await runInGuest(agent, '/bin/sh', ['-c', REPORT_SCRIPT], RUN_LIMIT_MS)
  const report = parseGuestReport(said, head)
  if (report !== null) return report
  throw new ProblemError('agent', 'The guest’s agent did not list the guest’s devices.', {
    detail: printable(said, 2000),
    hint: LOOK_IN_GUEST,
  })
}

async function windowsReport(
  agent: GuestAgent,
  may: (name: string) => boolean,
  head: Head & { kernel: string },
): Promise<GuestReport> {
  const functions = may('guest-exec') ? await listedByWindows(agent) : await listedByAgent(agent, may)
  return { ...head, functions, simulated: false }
}

async function listedByWindows(agent: GuestAgent) {
  const args = ['-NoProfile', '-NonInteractive', '-Command', WINDOWS_SCRIPT]
  const said = await runInGuest(agent, POWERSHELL, args, RUN_LIMIT_MS)
  const functions = parseWindows(said)
  if (functions !== null) return functions
  throw new ProblemError('agent', 'Windows did not list its devices.', {
    detail: printable(said, 2000),
    hint: LOOK_IN_GUEST,
  })
}

async function listedByAgent(agent: GuestAgent, may: (name: string) => boolean) {
  if (!may('guest-get-devices')) throw barred('guest-exec')
  return fromAgentDevices(windowsDevices.parse(await agent.command('guest-get-devices')))
}

function barred(command: string): ProblemError {
  return new ProblemError('agent', `The guest’s agent may not answer: ${command} is switched off in the guest.`, {
    hint: 'On Fedora and RHEL the lists are in /etc/sysconfig/qemu-ga; allow guest-exec and guest-exec-status there.',
  })
}
