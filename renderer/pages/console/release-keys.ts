/** Tells when Ctrl and Alt were pressed and let go with nothing in between: the way out of QEMU's own window too. */
export class ReleaseKeys {
  private down = new Set<string>()
  private armed = false

  /** True when this event ends the chord. */
  saw(event: Pick<KeyboardEvent, 'type' | 'key'>): boolean {
    if (event.type === 'keydown') {
      this.down.add(event.key)
      this.armed = this.down.size === 2 && this.down.has('Control') && this.down.has('Alt')
      return false
    }
    this.down.delete(event.key)
    if (this.down.size > 0) return false
    const done = this.armed && (event.key === 'Control' || event.key === 'Alt')
    this.armed = false
    return done
  }

  /** The window lost the keyboard: which keys are up now is not known. */
  forget(): void {
    this.down = new Set()
    this.armed = false
  }
}
