import { expect, test } from 'vitest'
import { recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { diagnoseHost, diagnoseRequest } from './diagnosis.ts'
import { openSession } from './session/session.ts'
import { Studio } from './studio.ts'

const NOTHING = '-- No entries --\n'

/** The workstation, with logs that its kernel and its VM left. */
class LoggingHost extends SimulatedHost {
  readonly answers: Partial<Record<Tool, ToolResult>>

  constructor(answers: Partial<Record<Tool, ToolResult>>) {
    super(recordingOf(PAPER_WORKSTATION))
    this.answers = answers
  }

  override async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult> {
    const answer = this.answers[tool]
    return answer === undefined ? super.run(tool, args, how) : asExpected(tool, answer, how)
  }
}

function said(stdout: string, exitCode = 0, stderr = ''): ToolResult {
  return { exitCode, stdout, stderr }
}

async function studioOn(host: SimulatedHost): Promise<Studio> {
  const studio = new Studio({ ...(await openSession('paper', '')), host })
  await studio.open()
  return studio
}

test('diagnosis reads the journal, or dmesg where the journal has nothing', async () => {
  const line = '[    1.234567] kvm: disabled by bios\n'
  for (const answers of [{ journalctl: said(line) }, { journalctl: said(NOTHING), dmesg: said(line) }]) {
    const { source, groups } = await diagnoseRequest(await studioOn(new LoggingHost(answers)), { kind: 'kernel-log' })
    expect(source).toBe(`Read 1 line of ${'dmesg' in answers ? 'dmesg' : 'journalctl -k -b --no-pager'}.`)
    expect(groups.flat().map(({ id }) => id)).toEqual(['kvm-disabled-by-firmware'])
  }
})

test('diagnosis says that the kernel log could not be read, and does not call it clean', async () => {
  const denied = said('', 1, 'dmesg: read kernel buffer failed: Operation not permitted\n')
  const { source, note, groups } = await diagnoseHost(
    await studioOn(new LoggingHost({ journalctl: said(NOTHING), dmesg: denied })),
  )
  expect(source).toBeNull()
  expect(note).toContain('dmesg failed with exit code 1: dmesg: read kernel buffer failed: Operation not permitted')
  expect(groups).toEqual([])
})

test('diagnosis reads the VM’s own log together with the kernel’s', async () => {
  const host = new LoggingHost({ dmesg: said('vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded\n') })
  const owner = { mode: 0o640, uid: 1000, gid: 1000 }
  const words = new TextEncoder().encode('qemu-kvm: VFIO_MAP_DMA failed: Cannot allocate memory\n')
  await host.writeAtomic('/run/passthrough-studio/vms/designer/log', words, owner)
  const { source, groups } = await diagnoseHost(await studioOn(host))
  expect(source).toBe('Read 1 line of dmesg and 1 line of /run/passthrough-studio/vms/designer/log.')
  expect(groups.map((group) => group.map(({ id }) => id))).toEqual([['mem-memlock', 'mem-map-enomem']])
})
