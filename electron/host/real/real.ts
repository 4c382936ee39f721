import { getuid } from 'node:process'
import type { FileStamp } from '#shared/base/file-stamp.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { ListResult, ReadResult, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import type { OrUnknown } from '#shared/base/unknown.ts'
import type { User } from '#shared/facts/facts.ts'
import type { FlashFile } from '#shared/facts/images/flash-file.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { ImagePlace } from '#shared/facts/images/image-place.ts'
import { runTool } from '../exec/run-tool.ts'
import { findTool } from '../exec/tools.ts'
import { FileReader } from '../file-reader.ts'
import type { Host } from '../host.ts'
import { onInnerInitramfs } from '../unified/inner-initramfs.ts'
import { FlashFiles } from './flash-files.ts'
import { readImage } from './images.ts'
import { readPlace } from './places.ts'
import { RootReads } from './root-reads.ts'

const TOOL_LIMIT_MS = 120_000

/** This host, read only. */
export class RealHost extends FileReader implements Host {
  readonly kind = 'real'

  private readonly opened: RootReads
  private readonly flashes = new FlashFiles()

  /** `opened`: what root has read for this user. */
  constructor(opened = new RootReads()) {
    super('/')
    this.opened = opened
  }

  override async read(path: string): Promise<ReadResult> {
    return this.opened.read(path, await super.read(path))
  }

  override async list(path: string): Promise<ListResult> {
    return this.opened.list(path, await super.list(path))
  }

  override async stamp(path: string): Promise<FileStamp | null> {
    return this.opened.stamp(path, await super.stamp(path))
  }

  async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult | null> {
    try {
      const options = { ...how, timeoutMs: how.limitMs ?? TOOL_LIMIT_MS }
      return await onInnerInitramfs(tool, args, (told) => runTool(tool, told, options))
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.problem.code === 'tool-missing') return null
      throw thrown
    }
  }

  async has(tool: Tool): Promise<boolean> {
    return (await findTool(tool)) !== null
  }

  flash(path: string): Promise<OrUnknown<FlashFile | null>> {
    return this.flashes.read(this.at(path))
  }

  /** Whoever is not root looks with the very rights that QEMU will have. */
  image(path: string, user: User): Promise<OrUnknown<ImageFile | null>> {
    return readImage(path, this.uid() === 0 ? user : null)
  }

  place(directory: string): Promise<OrUnknown<ImagePlace>> {
    return readPlace(this, directory)
  }

  uid(): number {
    return getuid?.() ?? 0
  }

  now(): Date {
    return new Date()
  }
}
