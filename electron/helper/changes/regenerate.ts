import type { ChangeOf } from '../../../shared/change.ts'
import { ProblemError } from '../../../shared/problem.ts'
import type { System, Tool } from '../../../shared/system.ts'
import { type Handler, REVERTED, type Work } from '../handler.ts'
import { assertBootMenu, assertInitramfsImage } from '../paths.ts'

type Regenerate = ChangeOf<'rebuild-initramfs'> | ChangeOf<'update-bootloader'>

const MARGIN = 64 * 1024 * 1024
const TOOL_WAIT_MS = 600_000
/** Names in /proc/<pid>/comm, which the kernel cuts after 15 characters. */
const BUILDERS = new Set(
  ['update-initramfs', 'mkinitramfs', 'dracut', 'update-grub', 'grub-mkconfig', 'grub2-mkconfig'].map((name) =>
    name.slice(0, 15),
  ),
)

function argumentsOf(change: Regenerate): { tool: Tool; args: string[] } {
  switch (change.tool) {
    case 'update-initramfs':
      return { tool: 'update-initramfs', args: ['-u', '-k', 'all'] }
    case 'dracut':
      return { tool: 'dracut', args: ['-f', '--regenerate-all'] }
    case 'update-grub':
      return { tool: 'update-grub', args: [] }
    case 'grub2-mkconfig':
      return { tool: 'grub2-mkconfig', args: ['-o', change.outputs[0] ?? ''] }
  }
}

/** A tool of the distribution that writes files: they are kept before it runs, and put back byte for byte. */
function regenerating(assertPath: (path: string) => void): Handler<Regenerate> {
  return {
    async check(work, change) {
      change.outputs.forEach(assertPath)
      await assertRoom(work, change)
    },

    async capture({ backups }, change) {
      const files = []
      for (const path of change.outputs.flatMap(withSidecars)) files.push(await backups.save(path))
      return { files, createdDirectories: [], values: {} }
    },

    apply: (work, change) => regenerate(work, change),

    async revert({ backups, system }, change, entry) {
      if (entry.after === null) await outlivedToolEnds(system)
      for (const saved of entry.before.files) {
        if (await backups.untouchedSince(entry, saved)) {
          await backups.restore(saved)
          continue
        }
        const note = `${saved.path} was rebuilt since; it is rebuilt once more without the files taken back.`
        return { note, regenerate: change }
      }
      return REVERTED
    },
  }
}

/**
 * Beside each output: what update-initramfs and grub-mkconfig leave there when they are killed half-way
 * (their broken pipe kills them when the helper dies). Undo takes them away again.
 */
function withSidecars(path: string): string[] {
  return [path, `${path}.new`, `${path}.dpkg-bak`]
}

/** Runs the tool and throws with its last words when it fails. */
export async function regenerate(work: Work, change: Regenerate): Promise<void> {
  const { tool, args } = argumentsOf(change)
  const result = await work.system.run(tool, args, work.log)
  if (result.exitCode === 0) return
  const detail = `${result.stdout}\n${result.stderr}`.trim()
  throw new ProblemError(
    'tool-failed',
    `${tool} failed with exit code ${result.exitCode}: ${detail.split('\n').at(-1) ?? ''}`,
    { detail },
  )
}

/**
 * When the helper was killed, the tool it had started may still be at work and would replace what is put back.
 * Waits until none of these scripts runs any more.
 */
async function outlivedToolEnds(system: System): Promise<void> {
  const deadline = Date.now() + TOOL_WAIT_MS
  while (await anyRuns(system)) {
    if (Date.now() > deadline)
      throw new ProblemError('busy', 'A tool of the distribution is still rebuilding boot files.', {
        hint: 'Wait until it ends, then undo again.',
      })
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function anyRuns(system: System): Promise<boolean> {
  const pids = await system.list('/proc')
  for (const pid of pids.kind === 'names' ? pids.names.filter((name) => /^\d+$/u.test(name)) : []) {
    const comm = await system.read(`/proc/${pid}/comm`)
    if (comm.kind === 'text' && BUILDERS.has(comm.text.trim())) return true
  }
  return false
}

/** There must be room for the copies and for the new files, or nothing is begun. */
async function assertRoom({ system }: Work, change: Regenerate): Promise<void> {
  let total = 0
  for (const path of change.outputs) total += (await system.bytes(path))?.length ?? 0
  for (const place of ['/var', '/boot']) {
    const free = await system.freeBytes(place)
    if (free >= total + MARGIN) continue
    const need = Math.ceil((total + MARGIN) / 1_048_576)
    throw new ProblemError(
      'disk-full',
      `${place} has ${Math.floor(free / 1_048_576)} MiB free; keeping the old images and building new ones takes ${need} MiB.`,
      {
        hint: `Make room on ${place}, then apply again. Nothing was changed.`,
      },
    )
  }
}

export const rebuildInitramfs = regenerating(assertInitramfsImage)
export const updateBootloader = regenerating(assertBootMenu)
