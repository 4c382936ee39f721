import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import type { OwnText } from '#core/texts/file.ts'
import { hostText } from '#core/texts/host-script/host-script.ts'
import { vmUnitText } from '#core/texts/vm-unit.ts'
import { cardsOf } from '#core/units/units.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { type VmDefinition, vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { RealSystem } from '../real-system.ts'
import { launchVm } from './launch.ts'

const paths = vmPaths('designer')
const UNIT = vmUnit('designer')
const asRoot = getuid?.() === 0

/** Real files below a temporary root; tools are noted, and answer as told, instead of being run. */
class Noting extends RealSystem {
  readonly ran: string[][] = []
  version = 'systemd 252 (252.39-1~deb12u1)'
  /** What starting the unit, or its part of the host, answers. */
  start: ToolResult = { exitCode: 0, stdout: '', stderr: '' }
  readonly active = new Set<string>()
  /** Units that are still at what is run after their end; stopping waits for it. */
  readonly ending = new Set<string>()

  override async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult> {
    this.ran.push([tool, ...args])
    return asExpected(tool, tool === 'systemctl' ? this.systemctl(args) : this.start, how)
  }

  private systemctl([verb, ...args]: readonly string[]): ToolResult {
    const unit = args.at(-1) ?? ''
    if (verb === '--version') return { exitCode: 0, stdout: `${this.version}\n`, stderr: '' }
    if (verb === 'start') return this.start
    if (verb === 'stop') this.ending.delete(unit)
    if (this.ending.has(unit)) return { exitCode: 3, stdout: 'deactivating\n', stderr: '' }
    return { exitCode: this.active.has(unit) ? 0 : 3, stdout: '', stderr: '' }
  }

  said(): string[] {
    return this.ran.map((words) => words.slice(0, 2).join(' '))
  }
}

/** A machine with systemd and the VM as step 8 wrote it, with some of the texts changed since. */
async function machine(
  changed: Partial<VmDefinition> = {},
  texts: Readonly<Record<string, string>> = {},
): Promise<Noting> {
  const root = await temporaryDirectory('launch')
  const put = async ({ path, text }: Pick<OwnText, 'path' | 'text'>) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), texts[path] ?? text, { mode: 0o755 })
  }
  const facts = await factsFrom(simulated())
  const made = defineVm(facts, DEFAULT_CHOICES, cardsOf(facts).slice(0, 1), null)
  if (made === null) throw new Error('no VM')
  const vm = { ...made, ...changed }
  await put({ path: paths.definition, text: definitionText(vm) })
  await put({ path: '/etc/passwd', text: 'root:x:0:0::/root:/bin/sh\ndesigner:x:1000:1000::/home/d:/bin/sh\n' })
  await put({ path: paths.script, text: `#!/bin/sh\nrun=${paths.run}\n` })
  await put(hostText(vm))
  await put(vmUnitText(vm))
  await put({ path: paths.said, text: '' })
  await mkdir(join(root, '/run/systemd/system'), { recursive: true })
  return new Noting(root)
}

describe.runIf(asRoot)('starting a VM for somebody whom no rule lets do that', () => {
  it('has systemd start its unit, and tells what the host’s part could not do', async () => {
    const system = await machine({}, { [paths.said]: 'Other programs are not kept off.\n' })
    expect(await launchVm(system, 'designer', 1000)).toEqual(['Other programs are not kept off.'])
    expect(system.ran.at(-1)).toEqual(['systemctl', 'start', '--no-ask-password', UNIT])
  })

  it('waits for the end of its former run, and stops none that runs', async () => {
    const system = await machine()
    system.ending.add(UNIT)
    await launchVm(system, 'designer', 1000)
    expect(system.said()).toContain('systemctl stop')
    const running = await machine()
    running.active.add(UNIT)
    await expect(launchVm(running, 'designer', 1000)).rejects.toThrow('runs already')
    expect(running.said()).not.toContain('systemctl stop')
  })

  it('gives the reason of the host’s part, or systemd’s own words', async () => {
    const system = await machine({}, { [paths.said]: 'The card is in use by Xorg (pid 912).\n' })
    system.start = { exitCode: 1, stdout: '', stderr: 'Job failed.' }
    const reason = 'The VM did not start: The card is in use by Xorg (pid 912).'
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow(reason)
    const silent = await machine()
    silent.start = system.start
    await expect(launchVm(silent, 'designer', 1000)).rejects.toThrow('The VM did not start: Job failed.')
  })

  it('is refused to another user', async () => {
    const system = await machine()
    await expect(launchVm(system, 'designer', 1001)).rejects.toThrow('belongs to designer')
    expect(system.said()).not.toContain('systemctl start')
  })

  it.each([paths.host, paths.unit])('runs nothing as root that this program did not write: %s', async (path) => {
    const system = await machine({}, { [path]: '#!/bin/sh\nrm -r /\n' })
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow(`${path} is not what this program writes`)
    expect(system.said()).not.toContain('systemctl start')
  })
})

describe.runIf(asRoot)('starting a VM where systemd is too old for it', () => {
  it('runs the host’s part, and no start script where that fails', async () => {
    const system = await machine({}, { [paths.said]: 'There is no bridge br0.\n' })
    system.version = 'systemd 219'
    system.start = { exitCode: 1, stdout: '', stderr: '' }
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow('There is no bridge br0.')
    expect(system.ran.at(-1)).toEqual(['sh', paths.host, 'take'])
  })

  it('takes no card that nobody would give back', async () => {
    const functions = [{ address: '0000:04:00.0', vendorId: '10de', deviceId: '13f1', way: '0000:00:01.0/00.0' }]
    const system = await machine({ atStart: { functions, stop: [], minutes: null } })
    system.version = 'systemd 219'
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow('needs systemd')
    expect(system.said()).not.toContain(`sh ${paths.host}`)
  })
})
