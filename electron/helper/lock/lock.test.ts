import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, getuid, pid } from 'node:process'
import { createInterface, type Interface } from 'node:readline'
import { build } from 'vite'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asUser, rootDirectory } from '#host/exec/other-user.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { takeLock } from './lock.ts'

const asRoot = getuid?.() === 0
const processes: ChildProcess[] = []
let program = ''

/** A helper of its own process. Each word is answered by a line. */
class Helper {
  private readonly child: ChildProcess
  private readonly lines: AsyncIterator<string, undefined>

  constructor(directory: string) {
    this.child = spawn(execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
    processes.push(this.child)
    this.lines = linesOf(this.child)[Symbol.asyncIterator]()
  }

  async told(word: 'take' | 'release'): Promise<string> {
    this.child.stdin?.write(`${word}\n`)
    const next = await this.lines.next()
    if (next.done === true) throw new Error('it has ended')
    return next.value
  }

  async killed(): Promise<void> {
    this.child.kill('SIGKILL')
    await once(this.child, 'exit')
  }

  get pid(): number {
    return this.child.pid ?? 0
  }
}

function linesOf({ stdout }: ChildProcess): Interface {
  if (stdout === null) throw new Error('no output')
  return createInterface(stdout)
}

const place = async () => join(await rootDirectory(), 'run')

beforeAll(async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'lock-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(import.meta.dirname, 'lock-taker.child.fixture.ts'),
      outDir,
      rolldownOptions: { output: { entryFileNames: 'taker.mjs' } },
    },
  })
  program = join(outDir, 'taker.mjs')
})

afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL')
})

describe.runIf(asRoot)('the lock of the helper', () => {
  it('is one’s alone when two ask for it at the same moment, each time', async () => {
    const directory = await place()
    const both = [new Helper(directory), new Helper(directory)] as const
    for (let round = 0; round < 40; round += 1) {
      const answers = await Promise.all(both.map((helper) => helper.told('take')))
      expect([...answers].sort()).toEqual(['take: busy', 'take: done'])
      await both[answers.indexOf('take: done')]?.told('release')
    }
  })

  it('is free at once when its holder is killed, and tells who has it meanwhile', async () => {
    const directory = await place()
    const [one, other] = [new Helper(directory), new Helper(directory)]
    expect(await one.told('take')).toBe('take: done')
    await expect(takeLock(new RealSystem('/'), directory)).rejects.toThrow(`(helper process ${one.pid})`)
    expect(await other.told('take')).toBe('take: busy')
    await one.killed()
    expect(await other.told('take')).toBe('take: done')
    expect(await readFile(join(directory, 'helper.lock'), 'utf8')).toBe(String(other.pid))
    // Whoever was first lets go of nothing of the second’s.
    expect(await new Helper(directory).told('take')).toBe('take: busy')
  })

  it('is not taken by a process that has the number of a holder that is gone', async () => {
    const directory = await place()
    const gone = new Helper(directory)
    expect(await gone.told('take')).toBe('take: done')
    await gone.killed()
    // This test lives, and has nothing to do with it.
    await writeFile(join(directory, 'helper.lock'), String(pid))
    const release = await takeLock(new RealSystem('/'), directory)
    await release()
  })

  it('cannot be held by somebody without privilege', async () => {
    const directory = await place()
    const release = await takeLock(new RealSystem('/'), directory)
    await release()
    for (const file of ['helper.held', 'helper.lock']) expect(asUser(directory, `flock -n ${file} true`)).not.toBe(0)
    expect(asUser(directory, 'exec 3< helper.held && flock -n 3')).not.toBe(0)
  })
})
