import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import { cardsOf } from '#core/units/units.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { RealSystem } from '../real-system.ts'
import { launchVm } from './launch.ts'

const paths = vmPaths('designer')
const asRoot = getuid?.() === 0

const NO = { exitCode: 1, stdout: '', stderr: 'No.' }

/** Real files below a temporary root; tools are noted, and answer as told, instead of being run. */
class Noting extends RealSystem {
  readonly ran: string[][] = []
  version = 'systemd 252 (252.39-1~deb12u1)'
  /** What systemd-run says no to: a part of its arguments. Empty: it takes all. */
  refuses = ''
  /** AllowedCPUs of each slice; what is not here is not confined. */
  readonly allowed: Record<string, string> = {}
  /** A slice that systemd does not let anybody confine. */
  stubborn = ''
  readonly active = new Set<string>()
  /** Units that are still at what is run after their end; stopping waits for it. */
  readonly ending = new Set<string>()

  override async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult> {
    this.ran.push([tool, ...args])
    return asExpected(tool, this.answer(tool, args), how)
  }

  private answer(tool: Tool, args: readonly string[]): ToolResult {
    if (tool === 'systemctl') return this.systemctl(args)
    const refused = this.refuses !== '' && args.some((arg) => arg.includes(this.refuses))
    return { exitCode: refused ? 1 : 0, stdout: '', stderr: refused ? `Not ${this.refuses}.` : '' }
  }

  private systemctl([verb, ...args]: readonly string[]): ToolResult {
    const last = args.at(-1) ?? ''
    if (verb === '--version') return { exitCode: 0, stdout: `${this.version}\n`, stderr: '' }
    if (verb === 'show') return { exitCode: 0, stdout: `${this.allowed[last] ?? ''}\n`, stderr: '' }
    if (verb === 'is-active') return this.activity(last)
    if (verb === 'stop') this.end(last)
    return verb === 'set-property' && args[0] === '--runtime' ? this.confine(args[1] ?? '', last) : NO
  }

  private activity(unit: string): ToolResult {
    if (this.ending.has(unit)) return { exitCode: 3, stdout: 'deactivating\n', stderr: '' }
    return { exitCode: this.active.has(unit) ? 0 : 3, stdout: '', stderr: '' }
  }

  /** The last thing that is run after a unit's end empties the slices. */
  private end(unit: string): void {
    if (!this.ending.delete(unit)) throw new Error(`${unit} was ended`)
    for (const slice of Object.keys(this.allowed)) this.allowed[slice] = ''
  }

  private confine(slice: string, property: string): ToolResult {
    const cpus = property.replace('AllowedCPUs=', '')
    if (slice === this.stubborn && cpus !== '') return NO
    this.allowed[slice] = cpus
    return { exitCode: 0, stdout: '', stderr: '' }
  }
}

/** A machine with systemd and the VM of step 8. */
async function machine(chosen: Partial<VmDefinition> = {}): Promise<Noting> {
  const root = await temporaryDirectory('launch')
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text, { mode: 0o755 })
  }
  const facts = await factsFrom(simulated())
  const vm = defineVm(facts, DEFAULT_CHOICES, cardsOf(facts).slice(0, 1), null)
  if (vm === null) throw new Error('no VM')
  await put(paths.definition, definitionText({ ...vm, ...chosen }))
  await put('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\ndesigner:x:1000:1000::/home/designer:/bin/sh\n')
  await put('/sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory\n')
  await put('/sys/devices/system/cpu/online', '0-3\n')
  await put(paths.script, `#!/bin/sh\nrun=${paths.run}\n`)
  await mkdir(join(root, '/run/systemd/system'), { recursive: true })
  return new Noting(root)
}

describe.runIf(asRoot)('starting a VM where systemd runs', () => {
  it('runs the script as a unit of the VM’s user, with lockable memory and no privilege', async () => {
    const system = await machine()
    await launchVm(system, 'designer', 1000)
    // Its former end is over; a failure of then is forgotten.
    const [asked, reset, , start = []] = system.ran
    expect(asked).toEqual(['systemctl', 'is-active', 'passthrough-studio-vm-designer.service'])
    expect(reset).toEqual(['systemctl', 'reset-failed', 'passthrough-studio-vm-designer.service'])
    expect(start.slice(0, 2)).toEqual(['systemd-run', '--unit=passthrough-studio-vm-designer.service'])
    expect(start).toContain('--slice=passthroughstudio.slice')
    const locked = `--property=LimitMEMLOCK=${(768 + 1024) * 1_048_576}`
    const bare = ['--property=NoNewPrivileges=yes', '--property=CapabilityBoundingSet=']
    expect(start).toEqual(expect.arrayContaining(['--uid=1000', '--gid=1000', locked, ...bare]))
    expect(start).toContain('--service-type=exec')
    expect(start.slice(-3)).toEqual(['--', '/bin/sh', paths.script])
    expect(await system.state(paths.log)).toMatchObject({ uid: 1000, mode: 0o640 })
  })

  it('uses no unit type that an older systemd does not know', async () => {
    const system = await machine()
    system.version = 'systemd 219'
    await launchVm(system, 'designer', 1000)
    expect(system.ran.flat().filter((word) => word.includes('service-type'))).toEqual([])
  })

  it('waits for the end of its former unit, and stops none that runs', async () => {
    const unit = 'passthrough-studio-vm-designer.service'
    const system = await machine()
    system.ending.add(unit)
    await launchVm(system, 'designer', 1000)
    expect(system.ran.map(([, verb]) => verb)).toContain('stop')
    const running = await machine()
    running.active.add(unit)
    await expect(launchVm(running, 'designer', 1000)).rejects.toThrow('runs already')
    expect(running.ran.flat()).not.toContain('stop')
  })

  it('passes on the reason why systemd does not start it', async () => {
    const system = await machine()
    system.refuses = '--uid'
    await expect(launchVm(system, 'designer', 1000)).rejects.toThrow('Not --uid.')
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

const APART = { pinning: { vcpus: [2, 3], emulator: [0, 1] }, setApart: true }
const OTHERS = ['init.scope', 'system.slice', 'user.slice']
const OWNER = '/run/passthrough-studio/set-apart'

async function owner(system: Noting): Promise<string | null> {
  const file = await system.read(OWNER)
  return file.kind === 'text' ? file.text : null
}

async function own(system: Noting, unit: string): Promise<void> {
  await system.makeDirectory('/run/passthrough-studio', { mode: 0o755, uid: 0, gid: 0 })
  await system.writeAtomic(OWNER, new TextEncoder().encode(`${unit}\n`), { mode: 0o644, uid: 0, gid: 0 })
}

const OTHER = 'passthrough-studio-vm-other.service'

const everywhere = (cpus: string) => Object.fromEntries(OTHERS.map((slice) => [slice, cpus]))

/** A machine on which a VM of this unit has its processors set apart. */
async function apartFor(unit: string): Promise<Noting> {
  const system = await machine(APART)
  await own(system, unit)
  Object.assign(system.allowed, everywhere('0'))
  return system
}

describe.runIf(asRoot)('a VM with CPU isolation', () => {
  it('confines everything else to the other processors until its unit ends', async () => {
    const system = await machine(APART)
    expect(await launchVm(system, 'designer', 1000)).toEqual([])
    expect(system.allowed).toEqual(everywhere('0,1'))
    const start = system.ran.find(([tool]) => tool === 'systemd-run') ?? []
    const set = (slice: string, cpus: string) => `/bin/systemctl set-property --runtime ${slice} AllowedCPUs=${cpus}`
    const after = OTHERS.flatMap((slice) => [set(slice, '0-3'), set(slice, '')])
    expect(start.filter((word) => word.includes('ExecStopPost'))).toEqual(
      [...after, '/bin/rm -f /run/passthrough-studio/set-apart'].map((line) => `--property=ExecStopPost=-+${line}`),
    )
    expect(await owner(system)).toBe('passthrough-studio-vm-designer.service\n')
  })

  it('confines nothing where isolation was not chosen', async () => {
    const system = await machine({ ...APART, setApart: false })
    expect(await launchVm(system, 'designer', 1000)).toEqual([])
    expect(system.ran.flat().join(' ')).not.toContain('AllowedCPUs')
  })

  it('does not touch slices that somebody else has confined, and says so', async () => {
    for (const cpus of ['0-2', '0-1']) {
      const system = await machine(APART)
      system.allowed['user.slice'] = cpus
      const [note] = await launchVm(system, 'designer', 1000)
      expect(note).toContain(`user.slice is confined to ${cpus} already`)
      expect(system.allowed).toEqual({ 'user.slice': cpus })
      expect(system.ran.flat().join(' ')).not.toContain('ExecStopPost')
    }
  })

  it('respects another VM’s isolation, and ends that of one that is gone', async () => {
    const system = await apartFor(OTHER)
    system.active.add(OTHER)
    expect(await launchVm(system, 'designer', 1000)).toEqual([
      `Other programs are not kept off its processors: ${OTHER} has its own set apart.`,
    ])
    expect(system.allowed).toEqual(everywhere('0'))
    system.active.clear()
    expect(await launchVm(system, 'designer', 1000)).toEqual([])
    expect(system.allowed).toEqual(everywhere('0,1'))
  })

  it('waits for another VM that is about to end its isolation', async () => {
    const system = await apartFor(OTHER)
    system.ending.add(OTHER)
    expect(await launchVm(system, 'designer', 1000)).toEqual([])
    expect(system.ending.size).toBe(0)
    expect(system.allowed).toEqual(everywhere('0,1'))
  })

  it('ends isolation when a slice cannot be confined, or the unit does not start', async () => {
    const half = await machine(APART)
    half.stubborn = 'user.slice'
    expect(await launchVm(half, 'designer', 1000)).toEqual(['Other programs are not kept off its processors: No.'])
    expect(half.allowed).toEqual(everywhere(''))
    expect(await owner(half)).toBeNull()
    const failing = await machine(APART)
    failing.refuses = '--uid'
    await expect(launchVm(failing, 'designer', 1000)).rejects.toThrow('Not --uid.')
    expect(failing.allowed).toEqual(everywhere(''))
  })

  it('runs without isolation where there are no cpusets, or systemd is too old', async () => {
    const system = await machine(APART)
    await system.remove('/sys/fs/cgroup/cgroup.controllers')
    expect(await launchVm(system, 'designer', 1000)).toEqual([
      'Other programs are not kept off its processors: this host has no cgroup v2 with cpusets.',
    ])
    const old = await machine(APART)
    old.refuses = 'ExecStopPost'
    expect(await launchVm(old, 'designer', 1000)).toEqual([
      'Other programs are not kept off its processors: Not ExecStopPost.',
    ])
    expect(old.allowed).toEqual(everywhere(''))
    for (const one of [system, old]) expect(one.ran.at(-1)?.[0]).toBe('systemd-run')
  })
})
