import { randomUUID } from 'node:crypto'
import { watch } from 'node:fs'
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { errnoOf } from '#host/file-reader.ts'
import { note } from '#host/log.ts'
import { xdgHome } from '#host/xdg.ts'
import { jsonOrNull } from '#shared/base/json.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { mergeStates } from './merge-state.ts'
import { FRESH_STATE, type SavedState, savedState } from './saved-state.ts'
import { withLock } from './state-lock.ts'

/** What was remembered, and what has to be said about it. */
export interface Loaded {
  saved: SavedState
  notice: string | null
}

/** Where choices outlive the program. Window and command line may have the same one at the same time. */
export interface StateStore {
  load(): Promise<Loaded>
  /** Saves what differs from `base` in `mine`; returns all that is saved by then, also by another program. */
  save(base: SavedState, mine: SavedState): Promise<SavedState>
  /** Calls `changed` whenever somebody may have saved something, until what is returned is called. */
  watch(changed: () => void): () => void
}

/** For simulated and recorded hosts: nothing outlives the session; a recording brings what it was made with. */
export class MemoryStore implements StateStore {
  private state: SavedState

  constructor(state: SavedState = FRESH_STATE) {
    this.state = state
  }

  async load(): Promise<Loaded> {
    return { saved: this.state, notice: null }
  }

  async save(_base: SavedState, mine: SavedState): Promise<SavedState> {
    this.state = mine
    return mine
  }

  watch(): () => void {
    return () => undefined
  }
}

/** $XDG_CONFIG_HOME/passthrough-studio (XDG base directory specification). */
function configDirectory(): string {
  return join(xdgHome('config'), 'passthrough-studio')
}

/** One readable JSON file in the user's configuration directory, replaced as a whole. */
export class FileStore implements StateStore {
  private readonly path: string

  constructor(path: string = join(configDirectory(), 'studio.json')) {
    this.path = path
  }

  /** Loads the state; moves a damaged file or one of another version aside, returns a fresh state, and says so. */
  async load(): Promise<Loaded> {
    const found = await this.read()
    if (found !== 'unreadable') return { saved: found ?? FRESH_STATE, notice: null }
    return this.locked(async () => {
      const now = await this.read()
      if (now !== 'unreadable') return { saved: now ?? FRESH_STATE, notice: null }
      const kept = await this.setAside()
      const notice = `Your choices could not be read: ${this.path} is damaged or of another version of this program. It is kept as ${kept}; the choices begin afresh.`
      return { saved: FRESH_STATE, notice }
    })
  }

  /** Throws `conflict` where the file was damaged meanwhile, or written by a newer version: nothing of it is lost. */
  async save(base: SavedState, mine: SavedState): Promise<SavedState> {
    return this.locked(async () => {
      const theirs = (await this.read()) ?? base
      if (theirs === 'unreadable')
        throw new ProblemError('conflict', `${this.path} was changed so that this program cannot read it.`, {
          hint: 'Another version of this program may have written it: start this one again. Nothing was saved.',
        })
      const merged = mergeStates(base, mine, theirs)
      if (!isDeepStrictEqual(merged, theirs)) await this.replace(merged)
      return merged
    })
  }

  watch(changed: () => void): () => void {
    let watcher: ReturnType<typeof watch> | null = null
    let ended = false
    // A directory: the file itself is another one after each save.
    mkdir(dirname(this.path), { recursive: true }).then(
      () => {
        if (ended) return
        watcher = watch(dirname(this.path), (_event, name) => (name === basename(this.path) ? changed() : undefined))
        watcher.on('error', (thrown) => note(`${this.path} is not watched any more: ${thrown.message}`))
      },
      (thrown: unknown) => note(`${this.path} cannot be watched: ${String(thrown)}`),
    )
    return () => {
      ended = true
      watcher?.close()
    }
  }

  /** Null: there is no file yet. */
  private async read(): Promise<SavedState | null | 'unreadable'> {
    let text: string
    try {
      text = await readFile(this.path, 'utf8')
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOENT') return null
      throw stateFailure('read', this.path, thrown)
    }
    const parsed = savedState.safeParse(jsonOrNull(text))
    return parsed.success ? parsed.data : 'unreadable'
  }

  private async locked<T>(work: () => Promise<T>): Promise<T> {
    try {
      await mkdir(dirname(this.path), { recursive: true })
      return await withLock(`${this.path}.lock`, work)
    } catch (thrown) {
      throw thrown instanceof ProblemError ? thrown : stateFailure('written', this.path, thrown)
    }
  }

  /** Gives the name under which the file is kept; one that was kept before stays. */
  private async setAside(): Promise<string> {
    for (let count = 0; ; count += 1) {
      const kept = `${this.path}.unreadable${count === 0 ? '' : `-${count}`}`
      const taken = await access(kept).then(
        () => true,
        () => false,
      )
      if (taken) continue
      await rename(this.path, kept)
      return kept
    }
  }

  /** A crash leaves the old or the new file, never half of one (fsync(2) for why the directory too). */
  private async replace(state: SavedState): Promise<void> {
    const temporary = `${this.path}.${randomUUID()}.new`
    try {
      await synced(temporary, 'wx', (file) => file.writeFile(`${JSON.stringify(state, null, 2)}\n`))
      await rename(temporary, this.path)
      await synced(dirname(this.path), 'r', () => Promise.resolve())
    } catch (thrown) {
      await rm(temporary, { force: true })
      throw thrown
    }
  }
}

type OpenFile = Awaited<ReturnType<typeof open>>

async function synced(path: string, flags: 'wx' | 'r', work: (file: OpenFile) => Promise<void>): Promise<void> {
  const file = await open(path, flags)
  try {
    await work(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

function stateFailure(what: 'read' | 'written', path: string, cause: unknown): ProblemError {
  return new ProblemError('permission', `Your choices cannot be ${what}: ${path}: ${errnoOf(cause)}.`, {
    hint: 'Check the owner of that directory and the room on its disk.',
    cause,
  })
}
