import { chmod, copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { errnoOf } from '#host/file-reader.ts'
import { xdgHome } from '#host/xdg.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { SnapshotPart } from '#shared/vm/disk-snapshots.ts'

/** What changes with a VM's disk and lies beside it; null: this VM has none. */
export interface VmParts {
  /** UEFI variables: one file. */
  uefi: string | null
  /** State of swtpm: a directory of small files. */
  tpm: string | null
}

/** One snapshot of one image: where that lies, and when it was taken. */
export interface PartsKey {
  vm: string
  image: string
  name: string
}

/** Copies that only have to be put in place, or thrown away. */
export interface StagedParts {
  commit(): Promise<void>
  drop(): Promise<void>
}

/** Written last: without it, or with another moment, the copies belong to no snapshot that is there. */
const note = z.strictObject({
  version: z.literal(1),
  image: z.string(),
  at: z.string(),
  uefi: z.string().nullable(),
  tpm: z.boolean(),
})
type Note = z.infer<typeof note>

/** $XDG_DATA_HOME/passthrough-studio/snapshots (XDG base directory specification). */
function dataDirectory(): string {
  return join(xdgHome('data'), 'passthrough-studio/snapshots')
}

/**
 * Copies of UEFI variables and TPM state, one directory for each snapshot. They lie with the user: the VM's own
 * directory belongs to root. What a TPM holds is secret, so only its user may enter.
 */
export class SnapshotParts {
  private readonly root: string

  constructor(root: string = dataDirectory()) {
    this.root = root
  }

  private at({ vm, name }: PartsKey): string {
    return join(this.root, vm, name)
  }

  /** Copies what is there now. What an interrupted attempt left under this name goes. */
  async copy(key: PartsKey, { uefi, tpm }: VmParts): Promise<void> {
    const target = this.at(key)
    try {
      await rm(target, { recursive: true, force: true })
      await mkdir(target, { recursive: true, mode: 0o700 })
      if (uefi !== null) await copyPrivate(uefi, join(target, basename(uefi)))
      if (tpm !== null) await copyDirectory(tpm, join(target, 'tpm'))
    } catch (thrown) {
      throw partFailure(`What belongs to the disk could not be copied to ${target}`, thrown)
    }
  }

  /** Says which snapshot the copies belong to; from now on they count. */
  async seal(key: PartsKey, at: string, { uefi, tpm }: VmParts): Promise<void> {
    const text: Note = {
      version: 1,
      image: key.image,
      at,
      uefi: uefi === null ? null : basename(uefi),
      tpm: tpm !== null,
    }
    await writeFile(join(this.at(key), 'note.json'), `${JSON.stringify(text)}\n`, { mode: 0o600 })
  }

  /** Returns which of the VM's parts are kept for the snapshot that was taken then. */
  async kept(key: PartsKey, at: string, parts: VmParts): Promise<SnapshotPart[]> {
    const read = await this.note(key)
    if (read?.image !== key.image || read.at !== at) return []
    // Variables with Secure Boot's keys and those without do not fit the other's firmware.
    const uefi = parts.uefi !== null && read.uefi === basename(parts.uefi)
    return [...(uefi ? (['uefi'] as const) : []), ...(parts.tpm !== null && read.tpm ? (['tpm'] as const) : [])]
  }

  private async note(key: PartsKey): Promise<Note | null> {
    try {
      const parsed = note.safeParse(JSON.parse(await readFile(join(this.at(key), 'note.json'), 'utf8')))
      return parsed.success ? parsed.data : null
    } catch (thrown) {
      if (thrown instanceof SyntaxError || errnoOf(thrown) === 'ENOENT') return null
      throw partFailure('What is kept with a snapshot cannot be read', thrown)
    }
  }

  /**
   * Makes ready to put the copies back over what is there: the VM's directory is root's, so no file beside it can
   * replace it. All that needs room or a right is done now, while the disk is as it was.
   */
  async stage(key: PartsKey, kept: readonly SnapshotPart[], { uefi, tpm }: VmParts): Promise<StagedParts> {
    const source = this.at(key)
    const staged: StagedParts[] = []
    try {
      if (kept.includes('uefi') && uefi !== null) staged.push(await stageFile(join(source, basename(uefi)), uefi))
      if (kept.includes('tpm') && tpm !== null) staged.push(await stageFiles(join(source, 'tpm'), tpm))
    } catch (thrown) {
      await dropAll(staged)
      throw partFailure('What belongs to the disk could not be made ready to be put back', thrown)
    }
    return { commit: () => commitAll(staged), drop: () => dropAll(staged) }
  }

  async forget(key: PartsKey): Promise<void> {
    await rm(this.at(key), { recursive: true, force: true })
  }
}

/** Those that are there; the first start makes the TPM's. */
export async function partsThere({ uefi, tpm }: VmParts): Promise<VmParts> {
  return { uefi: await there(uefi), tpm: await there(tpm) }
}

async function there(path: string | null): Promise<string | null> {
  try {
    if (path !== null) await stat(path)
    return path
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return null
    throw partFailure(`${path ?? ''} cannot be looked at`, thrown)
  }
}

async function copyPrivate(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await chmod(to, 0o600)
}

/** Files only, without swtpm's lock and without copies that were never put in place. */
async function stateFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name)
}

async function copyDirectory(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  for (const name of await stateFiles(from)) await copyPrivate(join(from, name), join(to, name))
}

/** Commits one after the other; those behind one that fails are thrown away. */
async function commitAll(staged: readonly StagedParts[]): Promise<void> {
  for (const [index, one] of staged.entries()) {
    try {
      await one.commit()
    } catch (thrown) {
      await dropAll(staged.slice(index))
      throw thrown
    }
  }
}

/** Drops all; what cannot be removed is passed over: the next attempt writes over it, and it never counts as state. */
async function dropAll(staged: readonly StagedParts[]): Promise<void> {
  await Promise.allSettled(staged.map((one) => one.drop()))
}

async function stageFile(from: string, to: string): Promise<StagedParts> {
  const bytes = await readFile(from)
  const file = await open(to, 'r+')
  return {
    commit: async () => {
      try {
        await file.truncate(0)
        await file.write(bytes, 0, bytes.length, 0)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    drop: () => file.close(),
  }
}

/** Stages each file as a whole; those that were not there then are removed on commit. */
async function stageFiles(from: string, to: string): Promise<StagedParts> {
  const names = await stateFiles(from)
  const staged = (name: string) => join(to, `.${name}.new`)
  const drop = async () => {
    for (const name of names) await rm(staged(name), { force: true })
  }
  try {
    for (const name of names) await copyPrivate(join(from, name), staged(name))
  } catch (thrown) {
    await drop()
    throw thrown
  }
  const commit = async () => {
    for (const name of names) await rename(staged(name), join(to, name))
    for (const name of await stateFiles(to)) if (!names.includes(name)) await rm(join(to, name))
  }
  return { commit, drop }
}

function partFailure(what: string, cause: unknown): ProblemError {
  const errno = errnoOf(cause)
  return new ProblemError(errno === 'ENOSPC' ? 'disk-full' : 'permission', `${what}: ${errno}.`, {
    hint: 'Check owner and room of that directory. The disk was not touched.',
    cause,
  })
}
