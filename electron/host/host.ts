import type { FileStamp } from '#shared/base/file-stamp.ts'
import type { Reader, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import type { OrUnknown } from '#shared/base/unknown.ts'
import type { User } from '#shared/facts/facts.ts'
import type { FlashFile } from '#shared/facts/images/flash-file.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { ImagePlace } from '#shared/facts/images/image-place.ts'

/** A machine that can be looked at and not touched. */
export interface Host extends Reader {
  readonly kind: 'real' | 'recorded' | 'simulated'
  /** Runs a reading tool; null when it is not installed. Throws `tool-failed` for an exit code `how` does not expect. */
  run(tool: Tool, args: readonly string[], how?: ToolRun): Promise<ToolResult | null>
  /** Returns whether a tool is installed. */
  has(tool: Tool): Promise<boolean>
  /** Null: the file is not there or may not be seen. */
  stamp(path: string): Promise<FileStamp | null>
  /** Null: the file is not there; unknown also where no file can be looked at. */
  flash(path: string): Promise<OrUnknown<FlashFile | null>>
  /** Looks at a disk image as a VM's user finds it; null: no file is there. */
  image(path: string, user: User): Promise<OrUnknown<ImageFile | null>>
  /** Looks at a directory in which disk images are to be made. */
  place(directory: string): Promise<OrUnknown<ImagePlace>>
  /** User who looks. */
  uid(): number
  now(): Date
  /** Only for a host of which no more than a text is known: path patterns it can answer, `*` for an address. */
  coverage?(): string[]
}
