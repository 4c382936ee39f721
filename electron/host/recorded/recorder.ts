import type { FileStamp } from '#shared/base/file-stamp.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { LinkResult, ListResult, ReadResult, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import type { OrUnknown } from '#shared/base/unknown.ts'
import type { User } from '#shared/facts/facts.ts'
import type { FlashFile } from '#shared/facts/images/flash-file.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { ImagePlace } from '#shared/facts/images/image-place.ts'
import type { Host } from '../host.ts'
import { neededPciIds, type PciIdentity } from '../parse/pci-ids.ts'
import { mountLinesRead } from '../probe/mounts.ts'
import { udevLinesRead } from '../probe/udev.ts'
import { commandKey, emptyRecording, type Recording } from './recording.ts'

/** Passes every read on to another host and notes what it gave. */
export class Recorder implements Host {
  readonly kind
  readonly recording: Recording
  private readonly host: Host

  constructor(host: Host, name: string, about: string) {
    this.host = host
    this.kind = host.kind
    this.recording = { ...emptyRecording(name, about), uid: host.uid() }
  }

  async read(path: string): Promise<ReadResult> {
    const result = await this.host.read(path)
    this.recording.files[path] = result.kind === 'text' ? this.kept(path, result.text) : missing(result)
    return result
  }

  async list(path: string): Promise<ListResult> {
    const result = await this.host.list(path)
    this.recording.dirs[path] = result.kind === 'names' ? result.names : missing(result)
    return result
  }

  async link(path: string): Promise<LinkResult> {
    const result = await this.host.link(path)
    this.recording.links[path] = result.kind === 'target' ? result.target : missing(result)
    return result
  }

  async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult | null> {
    const result = await this.host.run(tool, args, { ...how, expect: 'any' }).catch(unfinished)
    this.recording.commands[commandKey(tool, args)] = result
    return result === null ? null : asExpected(tool, result, how)
  }

  async has(tool: Tool): Promise<boolean> {
    const result = await this.host.has(tool)
    this.recording.tools[tool] = result
    return result
  }

  async owner(path: string): Promise<number | null> {
    const result = await this.host.owner(path)
    this.recording.owners[path] = result
    return result
  }

  async stamp(path: string): Promise<FileStamp | null> {
    const result = await this.host.stamp(path)
    this.recording.stamps[path] = result
    return result
  }

  async flash(path: string): Promise<OrUnknown<FlashFile | null>> {
    const result = await this.host.flash(path)
    this.recording.flashes[path] = result
    return result
  }

  async image(path: string, user: User): Promise<OrUnknown<ImageFile | null>> {
    const result = await this.host.image(path, user)
    this.recording.images[path] = result
    return result
  }

  async place(directory: string): Promise<OrUnknown<ImagePlace>> {
    const result = await this.host.place(directory)
    this.recording.places[directory] = result
    return result
  }

  /** Of udev's notes only the lines that are read: the others have serial numbers. */
  private kept(path: string, text: string): string {
    if (/^\/proc\/\d+\/maps$/u.test(path)) return mappedNodes(text)
    if (/^\/proc\/\d+\/mountinfo$/u.test(path)) return mountLinesRead(text)
    if (path.startsWith('/run/udev/data/')) return udevLinesRead(text)
    return /\/pci\.ids(?:\.gz)?$/u.test(path) ? neededPciIds(text, this.identities()) : text
  }

  /** Of all functions that were read so far: names are looked up last. */
  private identities(): PciIdentity[] {
    const { files } = this.recording
    const word = (path: string) => {
      const text = files[path]
      return typeof text === 'string' ? text.trim().replace(/^0x/u, '') : ''
    }
    return Object.keys(files).flatMap((path) => {
      const at = /^(\/sys\/bus\/pci\/devices\/[^/]+)\/vendor$/u.exec(path)?.[1]
      if (at === undefined) return []
      const subsystem = `${word(`${at}/subsystem_vendor`)}:${word(`${at}/subsystem_device`)}`
      return [{ vendorId: word(path), deviceId: word(`${at}/device`), subsystem }]
    })
  }

  uid(): number {
    return this.host.uid()
  }

  now(): Date {
    return this.host.now()
  }
}

/** A tool that ran out of time or was killed has no exit code; a replay fails where this look did. */
function unfinished(thrown: unknown): ToolResult {
  const { code, message } = problemOf(thrown)
  if (code !== 'tool-failed') throw thrown
  return { exitCode: -1, stdout: '', stderr: message }
}

/** Of what a process has mapped only device nodes matter; the rest is nobody's business. */
function mappedNodes(text: string): string {
  const lines = text.split('\n').filter((line) => line.includes(' /dev/'))
  return lines.map((line) => `${line}\n`).join('')
}

function missing(result: { kind: 'absent' } | { kind: 'denied'; why: string }): null | { denied: string } {
  return result.kind === 'absent' ? null : { denied: result.why }
}
