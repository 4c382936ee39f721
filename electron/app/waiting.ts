/** A VM that is waited for: it starts, shuts down, or reports. It may be forced off meanwhile. */
export class Waiting {
  private name: string | null = null
  private readonly forced = new Set<string>()

  isFor(name: string): boolean {
    return this.name === name
  }

  /**
   * Returns whether the VM was forced off while it was waited for last: then nothing has failed that was not meant to.
   */
  wasForcedOff(name: string): boolean {
    return this.forced.has(name)
  }

  noteForcedOff(name: string): void {
    this.forced.add(name)
  }

  /** Waits for work on a VM, which ends by itself once QEMU is gone. @returns null when it was forced off meanwhile. */
  async during<T>(name: string, work: Promise<T>): Promise<T | null> {
    this.name = name
    this.forced.delete(name)
    try {
      return await work
    } catch (thrown) {
      if (this.forced.has(name)) return null
      throw thrown
    } finally {
      this.name = null
    }
  }
}
