import { ProblemError } from '#shared/base/problem.ts'
import type {
  FileState,
  LinkResult,
  ListResult,
  Ownership,
  ReadResult,
  System,
  Tool,
  ToolResult,
  ToolRun,
} from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import type { Host } from '../host.ts'
import { lookAtPlace } from '../probe/image-place.ts'
import { RecordedHost } from '../recorded/recorded.ts'
import type { Recording } from '../recorded/recording.ts'
import { sha256 } from '../sha256.ts'
import { SimulatedKernel } from './kernel.ts'
import { SimulatedNetwork } from './network.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Places that only this program writes: what is not in the overlay there does not exist. */
const OURS = ['/var/lib/passthrough-studio', '/run/passthrough-studio', '/etc/', '/boot/', '/dev/vfio']

const DIRECTORY: Ownership = { mode: 0o755, uid: 0, gid: 0 }

interface Node {
  bytes: Uint8Array
  owner: Ownership
}

/**
 * A recorded host that can be changed: the recording below, an overlay of written files above, and a small
 * model of how the kernel binds drivers and how the distribution's tools render files. Nothing real is touched.
 */
export class SimulatedHost implements Host, System {
  readonly kind = 'simulated'
  readonly simulated = true
  /** Called before each thing done to the host; throwing there is how tests inject a crash at change n. */
  beforeEffect: (what: string) => void | Promise<void> = () => undefined
  private readonly base: RecordedHost
  private readonly files = new Map<string, Node | null>()
  private readonly directories = new Map<string, Ownership | null>()
  private readonly kernel: SimulatedKernel
  readonly network: SimulatedNetwork
  readonly stamp: Host['stamp'] = async (path) => (await this.base.stamp(path)) ?? this.kernel.stamp(path)
  /** No recording has labels: a file has one once somebody gave it to it. */
  readonly label: System['label'] = async (path) => this.files.get(path)?.owner.label ?? null
  readonly has: Host['has'] = (tool) => this.base.has(tool)
  readonly image: Host['image'] = (path) => this.base.image(path)
  readonly hash: System['hash'] = sha256
  readonly flash: Host['flash'] = (path) => this.base.flash(path)
  readonly uid: Host['uid'] = () => this.base.uid()
  readonly place: Host['place'] = (directory) => lookAtPlace(this, directory)
  private readonly recording: Recording
  private parents: ReadonlySet<string> | null = null

  constructor(recording: Recording) {
    this.recording = recording
    this.base = new RecordedHost(recording)
    this.kernel = new SimulatedKernel(recording, {
      read: (path) => this.text(path),
      write: (path, text) => this.put(path, text),
      remove: (path) => void this.files.set(path, null),
      recorded: (path) => recordedText(recording, path),
      paths: () => [...new Set([...Object.keys(recording.files), ...this.files.keys()])],
    })
    this.network = new SimulatedNetwork(recording, (path) => this.text(path))
  }

  private put(path: string, text: string): void {
    this.files.set(path, { bytes: encoder.encode(text), owner: { mode: 0o644, uid: 0, gid: 0 } })
  }

  private text(path: string): string | null {
    const node = this.files.get(path)
    if (node !== undefined) return node === null ? null : decoder.decode(node.bytes)
    return recordedText(this.recording, path)
  }

  async read(path: string): Promise<ReadResult> {
    const bound = this.kernel.read(path)
    const live = bound === undefined ? this.network.read(path) : bound
    if (live !== undefined) return live === null ? { kind: 'absent' } : { kind: 'text', text: live }
    if (this.files.has(path)) {
      const text = this.text(path)
      return text === null ? { kind: 'absent' } : { kind: 'text', text }
    }
    return this.absentBelowOurs(path, this.recording.files) ? { kind: 'absent' } : this.base.read(path)
  }

  private absentBelowOurs(path: string, table: Readonly<Record<string, unknown>>): boolean {
    return !Object.hasOwn(table, path) && OURS.some((prefix) => path.startsWith(prefix))
  }

  async list(path: string): Promise<ListResult> {
    const live = this.liveNames(path)
    if (live !== undefined) return live === null ? { kind: 'absent' } : { kind: 'names', names: live }
    const below = this.absentBelowOurs(path, this.recording.dirs)
    const base: ListResult = below ? { kind: 'absent' } : await this.base.list(path)
    const names = new Set(base.kind === 'names' ? base.names : [])
    for (const [name, node] of this.childrenOf(path)) {
      if (node) names.add(name)
      else names.delete(name)
    }
    const made = this.directories.get(path)
    if (base.kind !== 'names' && names.size === 0 && !made) return base
    return { kind: 'names', names: [...names].sort() }
  }

  private liveNames(path: string): string[] | null | undefined {
    const bound = this.kernel.list(path)
    return bound === undefined ? this.network.list(path) : bound
  }

  /** What lies directly in a directory of the overlay, and whether it exists. */
  private childrenOf(path: string): [string, boolean][] {
    const all = [...this.files.entries(), ...this.directories.entries()]
    return all.flatMap(([child, node]): [string, boolean][] => {
      const [name = '', ...below] = child.startsWith(`${path}/`) ? child.slice(path.length + 1).split('/') : []
      return name === '' || (below.length > 0 && node === null) ? [] : [[name, node !== null]]
    })
  }

  async link(path: string): Promise<LinkResult> {
    const bound = this.kernel.link(path)
    const live = bound === undefined ? this.network.link(path) : bound
    if (live !== undefined) return live === null ? { kind: 'absent' } : { kind: 'target', target: live }
    return this.base.link(path)
  }

  async owner(path: string): Promise<number | null> {
    return (await this.state(path))?.uid ?? null
  }

  async state(path: string): Promise<FileState | null> {
    const node = this.files.get(path)
    if (node) return { ...node.owner, kind: 'file' }
    const directory = this.directories.get(path)
    if (directory) return { ...directory, kind: 'directory' }
    if (node === null || directory === null) return null
    const device = this.kernel.deviceNodeOwner(path)
    if (device !== null) return { ...device, kind: 'device' }
    if (typeof this.recording.files[path] === 'string') return { mode: 0o644, uid: 0, gid: 0, kind: 'file' }
    const listed = this.recording.dirs[path]
    const exists = Array.isArray(listed) || (listed === undefined && this.recordedParents().has(path))
    return exists ? { ...DIRECTORY, kind: 'directory' } : null
  }

  /** Directories that must exist because something recorded lies in them. */
  private recordedParents(): ReadonlySet<string> {
    this.parents ??= new Set(recordedPaths(this.recording).flatMap(ancestors))
    return this.parents
  }

  async bytes(path: string): Promise<Uint8Array | null> {
    const node = this.files.get(path)
    if (node !== undefined) return node === null ? null : node.bytes
    const text = this.text(path)
    return text === null ? null : encoder.encode(text)
  }

  async writeAtomic(path: string, bytes: Uint8Array, owner: Ownership): Promise<void> {
    await this.beforeEffect(`write ${path}`)
    const { mode, uid, gid, label = (await this.label(path)) ?? undefined } = owner
    this.files.set(path, { bytes, owner: { mode, uid, gid, label } })
  }

  async appendDurable(path: string, line: string): Promise<void> {
    await this.beforeEffect(`append ${path}`)
    this.put(path, `${this.text(path) ?? ''}${line}\n`)
  }

  async cutTornLine(path: string): Promise<void> {
    const text = this.text(path)
    if (text === null || text === '' || text.endsWith('\n')) return
    await this.beforeEffect(`cut ${path}`)
    this.put(path, text.slice(0, text.lastIndexOf('\n') + 1))
  }

  async remove(path: string): Promise<void> {
    await this.beforeEffect(`remove ${path}`)
    this.files.set(path, null)
  }

  async move(from: string, to: string): Promise<void> {
    const [bytes, owner] = [await this.bytes(from), await this.state(from)]
    await this.beforeEffect(`move ${from}`)
    this.files.set(to, bytes === null || owner === null ? null : { bytes, owner }).set(from, null)
  }

  async makeDirectory(path: string, owner: Ownership): Promise<void> {
    if ((await this.state(path)) === null) this.directories.set(path, owner)
  }

  async removeDirectory(path: string): Promise<void> {
    await this.beforeEffect(`remove ${path}`)
    this.directories.set(path, null)
  }

  async setOwner(path: string, owner: Ownership): Promise<void> {
    await this.beforeEffect(`chown ${path}`)
    const node = this.files.get(path)
    if (node) this.files.set(path, { ...node, owner })
    else this.kernel.setDeviceNodeOwner(path, owner)
  }

  async readAttribute(path: string): Promise<string | null> {
    const result = await this.read(path)
    return result.kind === 'text' ? result.text : null
  }

  async writeAttribute(path: string, value: string): Promise<void> {
    await this.beforeEffect(`attribute ${path}`)
    if (this.kernel.write(path, value)) return
    throw new ProblemError('tool-failed', `The simulated kernel has no attribute ${path}.`, {
      hint: 'The simulation knows what the paper’s workstation has.',
    })
  }

  /** Reading tools come from the recording; changing tools from the model. */
  async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult> {
    if (this.recording.tools[tool] === false) throw missing(tool)
    const changed = this.kernel.run(tool, args, how) ?? this.network.run(tool, args)
    if (changed === null) return asExpected(tool, await this.say(tool, args), how)
    if (changed.effect !== null) await this.beforeEffect(`run ${tool}`)
    changed.effect?.()
    changed.lines.forEach((line) => how.onLine?.(line))
    return { exitCode: 0, stdout: changed.lines.join('\n'), stderr: '' }
  }

  private async say(tool: Tool, args: readonly string[]): Promise<ToolResult> {
    const said = this.network.say(tool, args)
    if (said !== undefined) return said
    const recorded = await this.base.run(tool, args, { expect: 'any' })
    const has = await this.base.has(tool)
    const now =
      tool === 'lspci' ? this.kernel.lspci(recorded) : (recorded ?? (has ? this.kernel.says(tool, args) : null))
    if (now !== null) return now
    if (has) return { exitCode: 1, stdout: '', stderr: `${tool} has nothing to say here` }
    throw missing(tool)
  }

  async freeBytes(): Promise<number> {
    return 400 * 1024 ** 3
  }

  async fingerprint(path: string): Promise<string | null> {
    const bytes = await this.bytes(path)
    return bytes === null ? null : this.hash(bytes)
  }

  now(): Date {
    return new Date()
  }

  /** Power cycle: what was written stays, what the kernel held is forgotten, the default boot entry's arguments apply. */
  reboot(): void {
    for (const path of this.files.keys()) {
      if (path.startsWith('/run/')) this.files.delete(path)
    }
    this.kernel.boot()
    this.network.boot()
  }

  /** Returns every file of ours or theirs that differs from the recording, by path: for proving that undo is exact. */
  tree(): Map<string, string | null> {
    const skip = ['/var/lib/passthrough-studio/', '/run/']
    const changed = [...this.files.entries()].filter(([path]) => !skip.some((prefix) => path.startsWith(prefix)))
    return new Map(
      changed
        .map(([path, node]): [string, string | null] => [path, node === null ? null : decoder.decode(node.bytes)])
        .filter(([path, text]) => text !== (this.recording.files[path] ?? null)),
    )
  }
}

function missing(tool: Tool): ProblemError {
  const text = `${tool} is not installed on the simulated host.`
  return new ProblemError('tool-missing', text, { hint: 'A real host may have it.' })
}

function recordedText(recording: Recording, path: string): string | null {
  const recorded = recording.files[path]
  return typeof recorded === 'string' ? recorded : null
}

function recordedPaths({ files, dirs }: Recording): string[] {
  return [...Object.keys(files), ...Object.keys(dirs)].filter((path) => files[path] !== null)
}

/** `/a/b/c` -> `/a/b`, `/a` */
function ancestors(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(2).map((_, index) => parts.slice(0, index + 2).join('/'))
}
