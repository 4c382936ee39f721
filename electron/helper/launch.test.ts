import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CHOICES } from '../../shared/change/choices.ts'
import type { Tool, ToolResult } from '../../shared/host/system.ts'
import { vmPaths } from '../../shared/vm/vm.ts'
import { describe as describeMachine } from '../host/describe.ts'
import { gatherFacts } from '../host/gather.ts'
import { PAPER_WORKSTATION } from '../host/paper-workstation.ts'
import { SimulatedHost } from '../host/simulated.ts'
import { definitionText, defineVm } from '../machine/definition.ts'
import { cardsOf } from '../steps/card.ts'
import { launchVm } from './launch.ts'
import { RealSystem } from './real-system.ts'

const paths = vmPaths('designer')
const asRoot = getuid?.() === 0

/** Real files below a temporary root; tools are noted, and answer as told, instead of being run. */
class Noting extends RealSystem {
  readonly ran: string[][] = []
  exitCode = 0

  override async run(tool: Tool, args: readonly string[]): Promise<ToolResult> {
    this.ran.push([tool, ...args])
    return { exitCode: tool === 'systemd-run' ? this.exitCode : 1, stdout: '', stderr: 'Unit already exists.' }
  }
}

/** A machine with systemd and the VM of step 8. */
async function machine(): Promise<Noting> {
  const root = await mkdtemp(join(tmpdir(), 'launch-'))
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text, { mode: 0o755 })
  }
  const facts = await gatherFacts(new SimulatedHost(describeMachine(PAPER_WORKSTATION)), {
    dryStart: null,
    guestReport: null,
  })
  const vm = defineVm(facts, DEFAULT_CHOICES, cardsOf(facts)[0] ?? null)
  if (vm === null) throw new Error('no VM')
  await put(paths.definition, definitionText(vm))
  await put(paths.script, '#!/bin/sh\n')
  await mkdir(join(root, '/run/systemd/system'), { recursive: true })
  return new Noting(root)
}

describe.runIf(asRoot)('starting a VM where systemd runs', () => {
  it('runs the shown script as a unit of the VM’s user, with its memory lockable and no privilege', async () => {
    const system = await machine()
    await launchVm(system, 'designer', 1000)
    const [reset, start = []] = system.ran
    expect(reset).toEqual(['systemctl', 'reset-failed', 'passthrough-studio-vm-designer.service'])
    expect(start.slice(0, 2)).toEqual(['systemd-run', '--unit=passthrough-studio-vm-designer.service'])
    const locked = `--property=LimitMEMLOCK=${(768 + 1024) * 1_048_576}`
    const bare = ['--property=NoNewPrivileges=yes', '--property=CapabilityBoundingSet=']
    expect(start).toEqual(expect.arrayContaining(['--uid=1000', '--gid=1000', locked, ...bare]))
    expect(start.slice(-2)).toEqual(['--', paths.script])
    expect(await system.state(paths.log)).toMatchObject({ uid: 1000, mode: 0o640 })
  })

  it('passes on why systemd does not start it', async () => {
    const system = await machine()
    system.exitCode = 1
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow('Unit already exists.')
  })

  it('starts nothing for another user, nor a VM whose script runs', async () => {
    const system = await machine()
    await expect(launchVm(system, 'designer', 1001)).rejects.toThrow('belongs to designer')
    await launchVm(system, 'designer', 1000)
    const note = new TextEncoder().encode('4242 1700000000\n')
    await system.writeAtomic(paths.started, note, { mode: 0o644, uid: 1000, gid: 1000 })
    await system.makeDirectory('/proc', { mode: 0o755, uid: 0, gid: 0 })
    await system.makeDirectory('/proc/4242', { mode: 0o755, uid: 0, gid: 0 })
    const words = new TextEncoder().encode(`/bin/sh\0${paths.script}\0`)
    await system.writeAtomic('/proc/4242/cmdline', words, { mode: 0o644, uid: 0, gid: 0 })
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow('runs already')
    expect(system.ran.filter(([tool]) => tool === 'systemd-run')).toHaveLength(1)
  })
})
