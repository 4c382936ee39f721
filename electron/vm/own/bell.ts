import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { VmPaths } from '#shared/vm/vm.ts'
import { QmpClient } from '../qmp/client.ts'

const CONNECT_LIMIT_MS = 5000
/** Several things happen at once when a VM starts or ends; one look after the last of them is enough. */
const SETTLE_MS = 40

/** What is listened to of one VM. Null: not there, or not now. */
interface Ears {
  run: string
  directory: FSWatcher | null
  events: QmpClient | null
  connecting: boolean
}

/**
 * Rings when something happens to a VM: QEMU reports an event on a monitor of ours alone, its socket closes, or a file
 * comes or goes in its directory (inotify(7)). What happened is not said; the listener asks.
 */
export class VmBell {
  private readonly ears = new Map<string, Ears>()
  private readonly pathsOf: (name: string) => VmPaths
  private readonly ring: () => void
  private parent: { path: string; watcher: FSWatcher } | null = null
  private due: NodeJS.Timeout | null = null

  constructor(ring: () => void, pathsOf: (name: string) => VmPaths) {
    this.ring = ring
    this.pathsOf = pathsOf
  }

  /**
   * Listens to exactly these VMs from now on, to none at all if there are none. To be called again whenever it rang: new
   * sockets are found then.
   */
  listen(names: readonly string[]): void {
    for (const [name, ears] of this.ears) if (!names.includes(name)) this.drop(name, ears)
    for (const name of names) this.lendEars(name)
    const [first] = names
    if (first === undefined) this.stop()
    else this.watchAbove(dirname(this.pathsOf(first).run))
  }

  /** Watches the place of the first VM's directory; the one above that as long as it is not there. */
  private watchAbove(path: string): void {
    if (this.parent?.path === path) return
    const closest = this.parent === null ? [path, dirname(path)] : [path]
    for (const candidate of closest) {
      const watcher = this.watched(candidate, () => {
        if (this.parent?.path === candidate) this.parent = null
      })
      if (watcher === null) continue
      this.parent?.watcher.close()
      this.parent = { path: candidate, watcher }
      return
    }
  }

  /**
   * Returns whether a change of this VM rings now. For one that is up QEMU has to report, which one that an older
   * version started does not; for one that is off, its directory or the one above is watched.
   */
  hears(name: string, up: boolean): boolean {
    const ears = this.ears.get(name)
    return up ? ears?.events != null : ears?.directory != null || this.parent !== null
  }

  private stop(): void {
    this.parent?.watcher.close()
    this.parent = null
    if (this.due !== null) clearTimeout(this.due)
    this.due = null
  }

  private lendEars(name: string): void {
    const { run } = this.pathsOf(name)
    const known = this.ears.get(name)
    if (known !== undefined && known.run !== run) this.drop(name, known)
    const ears = this.ears.get(name) ?? { run, directory: null, events: null, connecting: false }
    this.ears.set(name, ears)
    ears.directory ??= this.watched(run, () => {
      ears.directory = null
    })
    if (ears.events === null && !ears.connecting) void this.connect(name, ears)
  }

  /**
   * Connects to QEMU's socket; without one, or where another program listens on it, the directory rings when that
   * changes.
   */
  private async connect(name: string, ears: Ears): Promise<void> {
    ears.connecting = true
    const ended = () => {
      ears.events = null
      // Hanging up by ourselves is no news.
      if (this.ears.get(name) === ears) this.soon()
    }
    try {
      const client = await QmpClient.connect(this.pathsOf(name).events, CONNECT_LIMIT_MS, {
        event: () => this.soon(),
        ended,
      })
      if (this.ears.get(name) === ears) ears.events = client
      else client.close()
    } catch {
      ears.events = null
    } finally {
      ears.connecting = false
    }
  }

  /** @returns null where the directory is not there, or may not be watched. */
  private watched(path: string, gone: () => void): FSWatcher | null {
    try {
      const watcher = watch(path, { persistent: false }, (_, name) => {
        // A removed directory reports its own name last, and nothing any more.
        if (name === basename(path)) gone()
        this.soon()
      })
      watcher.on('error', () => {
        watcher.close()
        gone()
        this.soon()
      })
      return watcher
    } catch {
      return null
    }
  }

  private drop(name: string, { directory, events }: Ears): void {
    this.ears.delete(name)
    directory?.close()
    events?.close()
  }

  private soon(): void {
    this.due ??= setTimeout(() => {
      this.due = null
      this.ring()
    }, SETTLE_MS)
  }
}
