import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Change } from '#shared/plan/change.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { Executor } from './executor.ts'
import { RealSystem } from './real-system.ts'

export const DEFAULTS = '/etc/default/grub'
export const DROP_IN = '/etc/default/grub.d/90-passthrough-studio.cfg'
export const MODULES = '/etc/modules-load.d/passthrough-studio.conf'
export const JOURNAL = '/var/lib/passthrough-studio/journal.jsonl'

/** Real files in a directory of their own, and the executor that changes them. */
export class HostTree {
  readonly root: string
  readonly system: RealSystem

  private constructor(root: string) {
    this.root = root
    this.system = new RealSystem(root)
  }

  static async make(files: Readonly<Record<string, string>> = {}): Promise<HostTree> {
    const tree = new HostTree(await temporaryDirectory('host-tree'))
    for (const path of ['/etc/default', '/etc/modules-load.d', '/boot', '/run', '/var/lib'])
      await mkdir(tree.at(path), { recursive: true })
    for (const [path, text] of Object.entries(files)) await tree.write(path, text)
    return tree
  }

  at(path: string): string {
    return join(this.root, path)
  }

  executor(): Executor {
    return new Executor(this.system, 0, () => undefined)
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true })
    await writeFile(this.at(path), text, { mode })
  }

  /** Null: the file is not there. */
  async text(path: string): Promise<string | null> {
    return (await this.system.state(path)) === null ? null : readFile(this.at(path), 'utf8')
  }

  /** Writing a file of ours, or changing one that is there. */
  async writing(path: string, text: string): Promise<Change> {
    const bytes = await this.system.bytes(path)
    const expected = bytes === null ? null : this.system.hash(bytes)
    return { kind: 'write-file', path, text, mode: 0o644, expected }
  }
}

export function planOf(changes: readonly Change[], step: StepId = 'boot'): Plan {
  const planned = changes.map((change) => ({ change, reason: '', before: null }))
  return { id: `${step}-test`, step, changes: planned, rebootNeeded: false, risk: 'reversible', confirm: null }
}
