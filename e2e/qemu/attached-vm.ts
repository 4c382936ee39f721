import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getuid, kill, pid } from 'node:process'
import { execa } from 'execa'
import { definitionText } from '#core/definition/definition.ts'
import { startScript } from '#core/definition/qemu/script.ts'
import { DATA_DIRECTORY, RUN_DIRECTORY, VM_RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { qmpCpus, statusAnswer } from '#vm/qmp/messages.ts'
import { untilAnswers } from './until-answers.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const LIMIT_MS = 30_000

type Machine = Partial<Choices['definition']>

/**
 * A boot sector that waits for a key (int 16h), prints it (int 10h, teletype) and sends it to the first serial port,
 * for ever: `xor ax,ax; int 16h; mov ah,0eh; mov bx,7; int 10h; mov dx,3f8h; out dx,al; jmp start`.
 */
const ECHO = [0x31, 0xc0, 0xcd, 0x16, 0xb4, 0x0e, 0xbb, 7, 0, 0xcd, 0x10, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xef]

/** What the host has to offer for it: its own directories below /var/lib and /run are root's. */
export const canAttach = getuid?.() === 0

/**
 * A VM of this very machine as step 8 and the helper leave it: files below /var/lib, sockets below /run, QEMU as a
 * process of its own. It has no card and is emulated; its guest echoes keys.
 */
export class AttachedVm {
  readonly name = `test-${pid}`
  readonly paths = vmPaths(this.name)
  private qemu: ReturnType<typeof run> | null = null
  private said = ''
  /** Directories that were not there before, outermost first. */
  private readonly made: string[] = []

  /**
   * Writes the files of a VM with these choices and starts it, paused. Returns the configuration directory of an app
   * that knows it.
   */
  async start(chosen: Machine = {}): Promise<string> {
    const qemu = await realQemu()
    const facts = await workstation(qemu)
    const disk = { kind: 'image', format: 'raw', path: `${this.paths.home}/echo.img` } as const
    const definition: VmDefinition = {
      ...defined(facts, {
        name: this.name,
        profile: 'windows-10',
        memoryMiB: 256,
        vcpus: 2,
        pin: false,
        disk,
        ...chosen,
      }),
      firmware: null,
    }
    const below = [RUN_DIRECTORY, VM_RUN_DIRECTORY]
    for (const directory of [DATA_DIRECTORY, dirname(this.paths.home), ...below]) await this.make(directory)
    await mkdir(this.paths.home)
    await writeFile(disk.path, bootDisk())
    await writeFile(this.paths.definition, definitionText(definition))
    await mkdir(this.paths.run, { mode: 0o700 })
    await writeFile(this.paths.script, emulated(startScript(definition, qemu)), { mode: 0o755 })
    this.qemu = run(this.paths.script)
    if (!(await untilAnswers(this.paths.qmp, () => this.qemu?.exitCode !== null)))
      throw new Error(`QEMU did not start: ${(await this.qemu).stderr}`)
    createConnection(this.paths.serial).on('data', (bytes) => (this.said += bytes.toString()))
    return this.configuration(chosen)
  }

  private async make(directory: string): Promise<void> {
    if ((await mkdir(directory, { recursive: true })) !== undefined) this.made.push(directory)
  }

  private async configuration(chosen: Machine): Promise<string> {
    const config = await mkdtemp(join(tmpdir(), 'studio-test-'))
    const choices = choosing({ definition: { name: this.name, ...chosen } })
    const state = { version: 1, choices, proofs: NO_PROOFS, pending: null }
    await mkdir(join(config, 'passthrough-studio'))
    await writeFile(join(config, 'passthrough-studio/studio.json'), JSON.stringify(state))
    return config
  }

  /** Lets the guest run. */
  async resume(): Promise<void> {
    await withQmp(this.paths.qmp, LIMIT_MS, (client) => client.command('cont'))
  }

  /** What the guest sent to its serial port so far. */
  serial(): string {
    return this.said
  }

  /** Confines each virtual processor to one thread of the host, as a pinned VM's are. */
  async pin(): Promise<void> {
    const answer = await withQmp(this.paths.qmp, LIMIT_MS, (client) => client.command('query-cpus-fast'))
    for (const thread of qmpCpus.parse(answer))
      await execa('taskset', ['-pc', String(thread['cpu-index']), String(thread['thread-id'])])
  }

  /** How many connections SPICE viewers have open, one for each channel (proc(5), /proc/net/unix: state 3 is connected). */
  async spiceChannels(): Promise<number> {
    const sockets = (await readFile('/proc/net/unix', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/u))
    return sockets.filter((fields) => fields[7] === this.paths.spice && fields[5] === '03').length
  }

  async running(): Promise<boolean> {
    const answer = await withQmp(this.paths.qmp, LIMIT_MS, (client) => client.command('query-status'))
    return statusAnswer.parse(answer).running
  }

  /** Ends QEMU as the kernel does when memory runs out. */
  async kill(): Promise<void> {
    const answer = await withQmp(this.paths.qmp, LIMIT_MS, (client) => client.command('query-cpus-fast'))
    const [first] = qmpCpus.parse(answer)
    if (first !== undefined) kill(first['thread-id'], 'SIGKILL')
    await this.qemu
  }

  /** Tells QEMU to quit, if it runs, and waits for its end. */
  async quit(): Promise<void> {
    if (this.qemu !== null && existsSync(this.paths.qmp))
      await withQmp(this.paths.qmp, LIMIT_MS, (client) => client.command('quit')).catch(() => this.qemu?.kill())
    await this.qemu
  }

  /** Leaves nothing behind. */
  async remove(): Promise<void> {
    await this.quit()
    await rm(this.paths.home, { recursive: true, force: true })
    await rm(this.paths.run, { recursive: true, force: true })
    // Not by force: what somebody else has put there stays.
    for (const directory of this.made.splice(0).reverse()) await rmdir(directory)
  }
}

/** Its script keeps what QEMU says. */
const run = (script: string) => execa('sh', [script], { reject: false })

function bootDisk(): Uint8Array {
  const disk = new Uint8Array(1_048_576)
  disk.set(ECHO)
  disk.set([0x55, 0xaa], 510)
  return disk
}

/** QEMU asks KVM for what TCG has not. */
function emulated(script: string): string {
  return script
    .replace(/^set -- "\$@" .*vfio-pci.*\n/gmu, '')
    .replace('accel=kvm', 'accel=tcg')
    .replace('\n# Control, on a socket', '\nset -- "$@" -S\n# Control, on a socket')
    .replace('-cpu host', '-cpu max')
    .replaceAll(/,hv-(vpindex|synic|stimer|stimer-direct|tlbflush|ipi)=on/gu, '')
}
