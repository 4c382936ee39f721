import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childCommand } from '#host/child.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Change } from '#shared/plan/change.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { planOf } from '../host-tree.fixture.ts'

/** Places of the host that the helper finds replaced, in a mount namespace of its own. */
const PLACES = ['/run', '/var/lib', '/etc', '/usr/sbin', '/sys']
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
const ENTER = 'root=$1; shift; for place in $PLACES; do mount --bind "$root$place" "$place" || exit 9; done; exec "$@"'

/** The very helper, as root, on a host some of whose directories are this test's own. */
export class OwnHost {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static async make(): Promise<OwnHost> {
    const root = await temporaryDirectory('own-host')
    for (const place of PLACES) await mkdir(join(root, place), { recursive: true })
    for (const place of ['modules-load.d', 'initramfs-tools/hooks'])
      await mkdir(join(root, 'etc', place), { recursive: true })
    return new OwnHost(root)
  }

  /** Puts a shell script where that tool of the distribution is looked for first. */
  async tool(name: string, script: string): Promise<void> {
    const path = join(this.root, 'usr/sbin', name)
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
  }

  async put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true })
    await writeFile(join(this.root, path), text)
  }

  /** Null: it is not there. */
  async text(path: string): Promise<string | null> {
    return readFile(join(this.root, path), 'utf8').catch(() => null)
  }

  async untilThere(path: string): Promise<string> {
    for (;;) {
      const text = await this.text(path)
      if (text !== null) return text
      await sleep(50)
    }
  }

  /** Starts a helper and asks it for what it is started for. It may be sent more. */
  ask(verb: string, request: object): ChildProcessWithoutNullStreams {
    const helper = this.start('electron/helper/main.ts', verb)
    helper.stdin.write(`${JSON.stringify({ id: 1, ...request })}\n`)
    return helper
  }

  apply(step: StepId, changes: readonly Change[]): ChildProcessWithoutNullStreams {
    return this.ask(`apply-${step}`, { kind: 'apply', plan: planOf(changes, step) })
  }

  start(module: string, ...args: string[]): ChildProcessWithoutNullStreams {
    const words = ['-m', '--propagation', 'private', 'sh', '-c', ENTER, 'sh', this.root]
    const helper = childCommand(module, args)
    return spawn('unshare', [...words, ...helper], { env: { PATH, PLACES: PLACES.join(' ') }, stdio: 'pipe' })
  }
}

/** What a helper printed up to its end, line by line, and how it ended. */
export async function ending(
  helper: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; said: unknown[] }> {
  let [out, complaints] = ['', '']
  helper.stdout.on('data', (piece: Buffer) => (out += String(piece)))
  helper.stderr.on('data', (piece: Buffer) => (complaints += String(piece)))
  const code = await new Promise<number | null>((resolve) => helper.once('exit', resolve))
  if (complaints !== '') throw new Error(complaints)
  const lines = out.split('\n').filter((line) => line !== '')
  return { code, said: lines.map((line): unknown => JSON.parse(line)).filter((answer) => !isEvent(answer)) }
}

function isEvent(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'event'
}
