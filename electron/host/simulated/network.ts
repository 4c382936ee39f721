import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { NM_BRIDGE_UUID } from '#shared/facts/network.ts'
import type { Recording } from '../recorded/recording.ts'

interface ToolEffect {
  lines: string[]
  effect: () => void
}

interface Tap {
  uid: string
  master: string | null
}

const LINK_FILE = /^\/sys\/class\/net\/([^/]+)(?:\/([a-z_]+))?$/u
const GUARD = /^passthrough-studio-guard-.+\.timer$/u

/**
 * As much of a network as step 7 touches: one uplink with the default route, one bridge over it that exists while its
 * manager has it up, taps, and a timer that outlives its program.
 */
export class SimulatedNetwork {
  /** What the timer of a guard runs. */
  onGuard: (tx: string) => Promise<unknown> = async () => undefined
  private readonly recording: Recording
  private readonly readText: (path: string) => string | null
  private readonly uplink: string
  /** Link that has the host's address and default route; null: a manager has let go of it. */
  private active: string | null
  private taps = new Map<string, Tap>()
  private guard: { tx: string; timer: NodeJS.Timeout } | null = null

  constructor(recording: Recording, readText: (path: string) => string | null) {
    this.recording = recording
    this.readText = readText
    this.uplink = /^(\S+)\t00000000\t/mu.exec(this.recorded('/proc/net/route'))?.[1] ?? ''
    this.active = this.uplink
  }

  private recorded(path: string): string {
    const value = this.recording.files[path]
    return typeof value === 'string' ? value : ''
  }

  private bridge(): string | null {
    return this.active === this.uplink ? null : this.active
  }

  read(path: string): string | null | undefined {
    if (path === '/proc/net/route') return this.moved(this.recorded(path))
    const [, name = '', attribute = ''] = LINK_FILE.exec(path) ?? []
    const tap = this.taps.get(name)
    if (tap !== undefined)
      return { tun_flags: '0x5802\n', owner: `${tap.uid}\n`, operstate: 'down\n' }[attribute] ?? null
    if (name === '' || name !== this.bridge()) return undefined
    return (
      { operstate: 'up\n', carrier: '1\n', address: this.recorded(`/sys/class/net/${this.uplink}/address`) }[
        attribute
      ] ?? null
    )
  }

  /** A text of the uplink, told of the link that has its address now. */
  private moved(text: string): string {
    return this.active === null ? '' : text.replaceAll(this.uplink, this.active)
  }

  list(path: string): string[] | null | undefined {
    const bridge = this.bridge()
    const made = [...this.taps.keys(), ...(bridge === null ? [] : [bridge])]
    if (path === '/sys/class/net') return [...this.recordedLinks(), ...made].sort()
    const [, name = '', attribute] = LINK_FILE.exec(path) ?? []
    if (!made.includes(name)) return undefined
    return attribute === undefined || (attribute === 'bridge' && name === bridge) ? [] : null
  }

  private recordedLinks(): string[] {
    const names = this.recording.dirs['/sys/class/net']
    return Array.isArray(names) ? names : []
  }

  link(path: string): string | null | undefined {
    const [, name = '', attribute = ''] = LINK_FILE.exec(path) ?? []
    if (attribute !== 'master') return undefined
    const master = this.taps.get(name)?.master ?? (name === this.uplink ? this.bridge() : null)
    return master === null ? null : `../${master}`
  }

  /** Returns what a reading tool says; undefined: the recording knows. */
  say(tool: Tool, args: readonly string[]): ToolResult | undefined {
    const words = [tool, ...args].join(' ')
    if (words === 'ip -j address') return said(this.moved(this.recording.commands[words]?.stdout ?? '[]'))
    const bridge = this.bridge()
    if (bridge === null) return undefined
    const show = 'nmcli -t -e no'
    if (words === `${show} -f GENERAL device show ${bridge}`)
      return said(`GENERAL.STATE:100 (connected)\nGENERAL.CON-UUID:${NM_BRIDGE_UUID}\n`)
    return words === `${show} connection show uuid ${NM_BRIDGE_UUID}` ? said(`connection.id:${bridge}\n`) : undefined
  }

  /** Returns what a changing tool would do; null for a tool that only reads. */
  run(tool: Tool, args: readonly string[]): ToolEffect | null {
    const reads = args.includes('show') || args[0] === '-j' || (tool === 'systemctl' && !GUARD.test(args[1] ?? ''))
    const change = reads ? undefined : this.changes[tool]
    return change === undefined ? null : { lines: [], effect: () => change(args) }
  }

  private readonly changes: Readonly<Partial<Record<Tool, (args: readonly string[]) => void>>> = {
    'systemd-run': (args) => this.arm(args),
    systemctl: () => this.disarm(),
    ip: (args) => this.changeLinks(args),
    nmcli: (args) => this.nmcli(args),
    networkctl: () => this.activate(),
    ifup: (args) => (this.active = args.at(-1) ?? null),
    ifdown: () => (this.active = null),
  }

  private nmcli(args: readonly string[]): void {
    if (args.includes('down')) this.active = this.uplink
    else this.activate()
  }

  /** Configuration on the disk decides: the bridge where our files make one, else the uplink as it was. */
  private activate(): void {
    this.active = this.configuredBridge() ?? this.uplink
  }

  private configuredBridge(): string | null {
    const texts = [OWN_FILES.nmBridge, OWN_FILES.networkdNetdev, OWN_FILES.interfacesBridge].map((path) =>
      this.readText(path),
    )
    const text = texts.find((candidate) => candidate !== null) ?? ''
    return /^(?:interface-name=|Name=|auto )(\S+)$/mu.exec(text)?.[1] ?? null
  }

  private changeLinks(args: readonly string[]): void {
    const name = args[args.indexOf('dev') + 1] ?? ''
    const tap = this.taps.get(name)
    if (args[0] === 'tuntap') this.taps.set(name, { uid: args[args.indexOf('user') + 1] ?? '', master: null })
    else if (args[1] === 'set' && tap !== undefined) tap.master = args[args.indexOf('master') + 1] ?? null
    else if (args[1] === 'delete' && !this.taps.delete(name)) this.active = this.uplink
  }

  private arm(args: readonly string[]): void {
    this.disarm()
    const seconds = Number.parseInt(args[args.indexOf('--on-active') + 1] ?? '', 10)
    const tx = args.at(-1) ?? ''
    this.guard = { tx, timer: setTimeout(() => void this.fire(), seconds * 1000).unref() }
  }

  private disarm(): void {
    if (this.guard !== null) clearTimeout(this.guard.timer)
    this.guard = null
  }

  /** The time is up. */
  async fire(): Promise<void> {
    const { guard } = this
    this.disarm()
    if (guard !== null) await this.onGuard(guard.tx)
  }

  /** Taps and timers are gone; what is configured comes up. */
  boot(): void {
    this.taps.clear()
    this.disarm()
    this.activate()
  }
}

function said(stdout: string): ToolResult {
  return { exitCode: 0, stdout, stderr: '' }
}
