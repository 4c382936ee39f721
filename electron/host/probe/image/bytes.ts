/** Bytes of a file from a place on, fewer where it ends before. Throws where it cannot be read. */
export type ReadBytes = (path: string, offset: number, length: number) => Promise<Buffer>

/** Bytes that a guest sees of its disk; null: they cannot be told without QEMU. */
export type GuestBytes = (offset: number, length: number) => Promise<Buffer | null>
