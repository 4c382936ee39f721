import type { FileStamp } from '#shared/base/file-stamp.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { LinkResult, ListResult, ReadResult, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { FlashFile } from '#shared/facts/images/flash-file.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { ImagePlace } from '#shared/facts/images/image-place.ts'
import type { Host } from '../host.ts'
import { commandKey, type Recording } from './recording.ts'

/** A recorded host, strict: a read that was not recorded is an error, never a guess (see Recording.complete). */
export class RecordedHost implements Host {
  readonly kind = 'recorded'
  private readonly recording: Recording

  constructor(recording: Recording) {
    this.recording = recording
  }

  async read(path: string): Promise<ReadResult> {
    const value = this.lookup(this.recording.files, path, null)
    if (value === null) return { kind: 'absent' }
    return typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'denied', why: value.denied }
  }

  async list(path: string): Promise<ListResult> {
    const value = this.lookup(this.recording.dirs, path, null)
    if (value === null) return { kind: 'absent' }
    return Array.isArray(value) ? { kind: 'names', names: value } : { kind: 'denied', why: value.denied }
  }

  async link(path: string): Promise<LinkResult> {
    const value = this.lookup(this.recording.links, path, null)
    if (value === null) return { kind: 'absent' }
    return typeof value === 'string' ? { kind: 'target', target: value } : { kind: 'denied', why: value.denied }
  }

  async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult | null> {
    const result = this.lookup(this.recording.commands, commandKey(tool, args), null)
    return result === null ? null : asExpected(tool, result, how)
  }

  async has(tool: Tool): Promise<boolean> {
    return this.lookup(this.recording.tools, tool, false)
  }

  async owner(path: string): Promise<number | null> {
    return this.lookup(this.recording.owners, path, null)
  }

  async stamp(path: string): Promise<FileStamp | null> {
    return this.lookup(this.recording.stamps, path, null)
  }

  async flash(path: string): Promise<OrUnknown<FlashFile | null>> {
    const found = this.recording.flashes[path]
    return found === undefined ? unknownBecause(`${path} was not looked at`) : found
  }

  async image(path: string): Promise<OrUnknown<ImageFile | null>> {
    const found = this.recording.images[path]
    return found === undefined ? unknownBecause(`${path} was not looked at`) : found
  }

  async place(directory: string): Promise<OrUnknown<ImagePlace>> {
    return this.recording.places[directory] ?? unknownBecause(`${directory} was not looked at`)
  }

  uid(): number {
    return this.recording.uid
  }

  now(): Date {
    return new Date()
  }

  private lookup<T>(table: Readonly<Record<string, T>>, key: string, absent: NoInfer<T>): T {
    const value = Object.hasOwn(table, key) ? table[key] : undefined
    if (value !== undefined) return value
    if (this.recording.complete) return absent
    throw new ProblemError('bad-recording', `The recording "${this.recording.name}" does not hold ${key}.`, {
      hint: 'Make the recording again with this version.',
    })
  }
}
