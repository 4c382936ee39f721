import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { errnoOf } from '#host/file-reader.ts'
import { xdgHome } from '#host/xdg.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { NO_PROOFS, proofs } from '#shared/facts/proofs.ts'
import { choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { stored, storedStepId } from '#shared/wizard/former-names.ts'
import { savedVm } from '#shared/wizard/saved-vm.ts'

/** What the app remembers between two starts. `pending`: a reboot is due, after what, and which boot it was asked in. */
const savedState = z.strictObject({
  version: z.literal(1),
  choices: stored(choices),
  proofs: stored(proofs),
  /** VMs that are not selected; older files have none. */
  others: z.array(stored(savedVm)).default([]),
  pending: z.strictObject({ step: storedStepId, boot: z.string(), after: z.enum(['apply', 'undo']) }).nullable(),
})
export type SavedState = z.infer<typeof savedState>

export const FRESH_STATE: SavedState = {
  version: 1,
  choices: DEFAULT_CHOICES,
  proofs: NO_PROOFS,
  others: [],
  pending: null,
}

export interface StateStore {
  load(): Promise<SavedState>
  save(state: SavedState): Promise<void>
}

/** For simulated and recorded hosts: nothing outlives the session; a recording brings what it was made with. */
export class MemoryStore implements StateStore {
  private state: SavedState

  constructor(state: SavedState = FRESH_STATE) {
    this.state = state
  }

  async load(): Promise<SavedState> {
    return this.state
  }

  async save(state: SavedState): Promise<void> {
    this.state = state
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

  /** A file of another version or a damaged one is kept aside and a fresh state used. */
  async load(): Promise<SavedState> {
    let text: string
    try {
      text = await readFile(this.path, 'utf8')
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOENT') return FRESH_STATE
      throw stateFailure('read', this.path, thrown)
    }
    const parsed = savedState.safeParse(jsonOrNull(text))
    if (parsed.success) return parsed.data
    await rename(this.path, `${this.path}.unreadable`)
    return FRESH_STATE
  }

  async save(state: SavedState): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true })
      await writeFile(`${this.path}.new`, `${JSON.stringify(state, null, 2)}\n`)
      await rename(`${this.path}.new`, this.path)
    } catch (thrown) {
      throw stateFailure('written', this.path, thrown)
    }
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function stateFailure(what: 'read' | 'written', path: string, cause: unknown): ProblemError {
  return new ProblemError('permission', `Your choices cannot be ${what}: ${path}: ${errnoOf(cause)}.`, {
    hint: 'Check the owner of that directory and the room on its disk.',
    cause,
  })
}
