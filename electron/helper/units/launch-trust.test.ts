import { chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { argv, getuid } from 'node:process'
import { beforeEach, describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import { cardsOf } from '#core/units/units.ts'
import { asUser, rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { RUN_DIRECTORY, VM_RUN_DIRECTORY } from '#shared/base/own-files.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { earlierVmPaths, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { Backups } from '../journal/backups.ts'
import { armGuard } from '../network/guard.ts'
import { RealSystem } from '../real-system.ts'
import { launchVm } from './launch.ts'

const asRoot = getuid?.() === 0
const facts = await paperFacts()
const vm = defineVm(facts, DEFAULT_CHOICES, cardsOf(facts).slice(0, 1), null)
if (vm === null) throw new Error('no VM')

let root = ''
/** Programs that would have been started, each with its words. */
let started: string[][] = []

class Noting extends RealSystem {
  override async run(tool: Tool, args: readonly string[]): Promise<ToolResult> {
    const begins = tool === 'systemd-run'
    if (begins) started.push([tool, ...args])
    return { exitCode: begins ? 0 : 3, stdout: '', stderr: '' }
  }
}

/** A host with systemd and this VM of the user's, as step 8 leaves it. */
async function hostWith(name: string, user: VmDefinition['user'] = USER, run = vmPaths(name).run): Promise<Noting> {
  const { definition, script } = vmPaths(name)
  root = await rootDirectory({
    '/etc/passwd': `root:x:0:0::/root:/bin/sh\n${USER.name}:x:${USER.uid}:${USER.gid}::/home/designer:/bin/sh\n`,
    [definition]: definitionText({ ...vm, name, user } as VmDefinition),
    [script]: `#!/bin/sh\nrun=${run}\n`,
    // What the guard of a network is a copy of: the program that runs here.
    [argv[1] ?? '']: '',
  })
  await mkdir(join(root, '/run/systemd/system'), { recursive: true })
  return new Noting(root)
}

const work = (system: Noting) => ({ system, backups: new Backups(system), log: () => undefined, caller: 0, tx: 'tx' })

beforeEach(() => {
  started = []
})

describe.runIf(asRoot)('a VM that root starts for a user', () => {
  it('has a directory that the user cannot replace, apart from root’s own notes', async () => {
    const system = await hostWith('designer')
    await launchVm(system, 'designer', USER.uid)
    const below = join(root, VM_RUN_DIRECTORY)
    expect(await system.state(`${VM_RUN_DIRECTORY}/designer`)).toMatchObject({ uid: USER.uid, mode: 0o700 })
    expect(asUser(below, 'touch designer/started')).toBe(0)
    for (const script of ['mv designer other', 'mkdir guard', 'mkdir ../guard', 'ln -s /etc ../guard', 'rm -r ../logs'])
      expect(asUser(below, script)).not.toBe(0)
    // Root's program for the guard of a network lies where only root has ever written.
    await armGuard(work(system), 30)
    expect(await system.state(`${RUN_DIRECTORY}/guard`)).toMatchObject({ uid: 0, mode: 0o700 })
    expect(asUser(root, `cat .${RUN_DIRECTORY}/guard/helper.cjs`)).not.toBe(0)
  })

  it('does not touch a network’s guard where the user owns an older version’s directory', async () => {
    const system = await hostWith('designer')
    await launchVm(system, 'designer', USER.uid)
    const guard = join(root, RUN_DIRECTORY, 'guard')
    await mkdir(guard, { mode: 0o700 })
    await chown(guard, USER.uid, USER.gid)
    started = []
    await expect(armGuard(work(system), 30)).rejects.toThrow('guard is not used: it belongs to uid 1000')
    expect(started).toEqual([])
    expect(await readdir(guard)).toEqual([])
  })

  it.each(['guard', 'set-apart', 'early-bind', 'vms', 'logs'])('may not have the name %s', async (name) => {
    const system = await hostWith(name)
    await expect(launchVm(system, name, USER.uid)).rejects.toThrow(`"${name}" is a word of this program’s own`)
    expect(started).toEqual([])
    expect((await system.list(RUN_DIRECTORY)).kind).toBe('absent')
  })

  it('runs with the user’s own group, or is refused', async () => {
    await launchVm(await hostWith('designer'), 'designer', USER.uid)
    expect(started[0]).toEqual(expect.arrayContaining(['--uid=1000', '--gid=1000']))
    started = []
    for (const user of [
      { ...USER, gid: 6 },
      { ...USER, name: 'root' },
    ]) {
      const system = await hostWith('designer', user)
      for (const caller of [0, USER.uid])
        await expect(launchVm(system, 'designer', caller)).rejects.toThrow('but uid 1000 is designer (group 1000)')
    }
    await expect(launchVm(await hostWith('designer', { ...USER, uid: 4242 }), 'designer', 0)).rejects.toThrow(
      'There is no user with uid 4242',
    )
    expect(started).toEqual([])
  })

  it('is refused while its script is of a version with other sockets', async () => {
    const system = await hostWith('designer', USER, earlierVmPaths('designer').run)
    await expect(launchVm(system, 'designer', USER.uid)).rejects.toThrow('written by another version')
    expect(started).toEqual([])
  })

  it('is not started a second time beside one of an earlier version', async () => {
    const system = await hostWith('designer')
    const { run, started: note } = earlierVmPaths('designer')
    await mkdir(join(root, run), { recursive: true })
    await writeFile(join(root, note), '4242 1700000000\n')
    await mkdir(join(root, '/proc/4242'), { recursive: true })
    await writeFile(join(root, '/proc/4242/cmdline'), `/bin/sh\0${vmPaths('designer').script}\0`)
    await expect(launchVm(system, 'designer', USER.uid)).rejects.toThrow('runs already')
    await rm(join(root, '/proc/4242'), { recursive: true })
    await launchVm(system, 'designer', USER.uid)
    expect(started).toHaveLength(1)
  })
})
