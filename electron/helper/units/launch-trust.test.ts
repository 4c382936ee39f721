import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { beforeEach, describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import { hostText } from '#core/texts/host-script/host-script.ts'
import { vmUnitText } from '#core/texts/vm-unit.ts'
import { cardsOf } from '#core/units/units.ts'
import { rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { earlierVmPaths, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
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
    if (args[0] === '--version') return { exitCode: 0, stdout: 'systemd 252\n', stderr: '' }
    const begins = args[0] === 'start'
    if (begins) started.push([tool, ...args])
    return { exitCode: begins ? 0 : 3, stdout: '', stderr: '' }
  }
}

/** A host with systemd and this VM of the user's, as step 8 leaves it. */
async function hostWith(name: string, user: VmDefinition['user'] = USER, run = vmPaths(name).run): Promise<Noting> {
  const { definition, script } = vmPaths(name)
  const defined = { ...vm, name, user } as VmDefinition
  root = await rootDirectory({
    '/etc/passwd': `root:x:0:0::/root:/bin/sh\n${USER.name}:x:${USER.uid}:${USER.gid}::/home/designer:/bin/sh\n`,
    [definition]: definitionText(defined),
    [hostText(defined).path]: hostText(defined).text,
    [vmUnitText(defined).path]: vmUnitText(defined).text,
    [script]: `#!/bin/sh\nrun=${run}\n`,
  })
  await mkdir(join(root, '/run/systemd/system'), { recursive: true })
  return new Noting(root)
}

beforeEach(() => {
  started = []
})

describe.runIf(asRoot)('a VM that root starts for a user', () => {
  it.each(['guard', 'set-apart', 'early-bind', 'vms', 'logs'])('may not have the name %s', async (name) => {
    const system = await hostWith(name)
    await expect(launchVm(system, name, USER.uid)).rejects.toThrow(`"${name}" is a word of this program’s own`)
    expect(started).toEqual([])
    expect((await system.list(RUN_DIRECTORY)).kind).toBe('absent')
  })

  it('runs with the user’s own group, or is refused', async () => {
    await launchVm(await hostWith('designer'), 'designer', USER.uid)
    expect(started).toHaveLength(1)
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
