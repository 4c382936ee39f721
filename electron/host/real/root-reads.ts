import type { FileStamp } from '#shared/base/file-stamp.ts'
import type { ListResult, ReadResult } from '#shared/base/system.ts'
import type { OpenedFile, OpenedMenu } from '#shared/plan/closed-files.ts'

/** What root read for an ordinary user. It stands in only where the user's `own` read is denied. */
export class RootReads {
  private files: ReadonlyMap<string, OpenedFile> = new Map()
  private stamps: OpenedMenu['stamps'] = {}

  /** Replaces everything. */
  keep({ files, stamps }: OpenedMenu): void {
    this.files = new Map(files.map((file) => [file.path, file]))
    this.stamps = stamps
  }

  forget(): void {
    this.keep({ files: [], stamps: {} })
  }

  stamp(path: string, own: FileStamp | null): FileStamp | null {
    return own ?? this.stamps[path] ?? null
  }

  read(path: string, own: ReadResult): ReadResult {
    const file = own.kind === 'denied' ? this.files.get(path) : undefined
    if (file === undefined) return own
    return file.text === null ? { kind: 'absent' } : { kind: 'text', text: file.text }
  }

  list(path: string, own: ListResult): ListResult {
    const file = own.kind === 'denied' ? this.files.get(path) : undefined
    if (file === undefined) return own
    return file.names === null ? { kind: 'absent' } : { kind: 'names', names: [...file.names].sort() }
  }
}
