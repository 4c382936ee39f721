/** Reading a disk image takes its lock, and neither QEMU nor a change could have it meanwhile. */
export class ImageReads {
  private last: Promise<unknown> = Promise.resolve()

  /** Notes a read that was begun, and hands it on. */
  begun<T>(read: Promise<T>): Promise<T> {
    this.last = read.catch(() => undefined)
    return read
  }

  /** Settles once the last read has ended, however it ended. */
  async ended(): Promise<void> {
    await this.last
  }
}
