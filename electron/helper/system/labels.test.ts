import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System, Tool, ToolResult } from '#shared/base/system.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { Executor } from '../executor.ts'
import { Backups } from '../journal/backups.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { GRUBS, labelAt, labelledRoot, OTHERS, relabelled } from './labels.fixture.ts'
import { labelAsPolicySays, labelOf, setLabel } from './labels.ts'

const DEFAULTS = '/etc/default/grub'
const OLD = 'GRUB_CMDLINE_LINUX="quiet"\n'
const NEW = new TextEncoder().encode('GRUB_CMDLINE_LINUX="quiet iommu=pt"\n')
const ROOTS = { mode: 0o644, uid: 0, gid: 0 }

/** A host whose tools say what is given, and all that they were called with. */
function host(mode: string | null, says: (tool: Tool) => Partial<ToolResult>) {
  const asked: string[] = []
  const system: Pick<System, 'read' | 'run'> = {
    read: async () => (mode === null ? { kind: 'absent' } : { kind: 'text', text: mode }),
    run: async (tool, args) => {
      asked.push([tool, ...args].join(' '))
      const result = { exitCode: 0, stdout: '', stderr: '', ...says(tool) }
      if (result.exitCode === 0) return result
      throw new ProblemError('tool-failed', `${tool} ended with ${result.exitCode}.`, { hint: 'None.' })
    },
  }
  return { system, asked }
}

describe('SELinux’s labels', () => {
  it('are not asked for on a host without SELinux', async () => {
    const { system, asked } = host(null, () => ({ stdout: GRUBS }))
    expect(await labelOf(system, '/etc/x')).toBeNull()
    await labelAsPolicySays(system, '/etc/x')
    expect(asked).toEqual([])
  })

  it('are read where SELinux runs, also where it only tells', async () => {
    for (const mode of ['0', '1']) {
      expect(await labelOf(host(mode, () => ({ stdout: `${GRUBS}\n` })).system, '/etc/x')).toBe(GRUBS)
      expect(await labelOf(host(mode, () => ({ stdout: '?\n' })).system, '/etc/x')).toBeNull()
      expect(await labelOf(host(mode, () => ({ exitCode: 1 })).system, '/etc/x')).toBeNull()
    }
  })

  it('are set only where they differ, and a refusal is told', async () => {
    const same = host('1', () => ({ stdout: GRUBS }))
    expect(await setLabel(same.system, '/etc/x', GRUBS)).toBe(true)
    expect(same.asked).toEqual(['stat --format=%C -- /etc/x'])
    const other = host('1', () => ({ stdout: OTHERS }))
    expect(await setLabel(other.system, '/etc/x', GRUBS)).toBe(true)
    expect(other.asked.at(-1)).toBe(`chcon -- ${GRUBS} /etc/x`)
    const refuses = host('1', (tool) => ({ stdout: OTHERS, exitCode: tool === 'chcon' ? 1 : 0 }))
    expect(await setLabel(refuses.system, '/etc/x', GRUBS)).toBe(false)
  })

  it('of what is made anew are the policy’s', async () => {
    const { system, asked } = host('1', () => ({}))
    await labelAsPolicySays(system, '/etc/x')
    expect(asked).toEqual(['restorecon -F -- /etc/x'])
  })
})

/** The menu's defaults of a host with SELinux, labelled as its policy says; skips where files have no labels. */
async function labelled({ skip }: TestContext): Promise<{ system: RealSystem; root: string; path: string }> {
  const root = await labelledRoot()
  const path = join(root, DEFAULTS)
  await writeFile(path, OLD)
  if (!relabelled(path, GRUBS)) skip('files of this filesystem have no labels, or we may not set them')
  return { system: new RealSystem(root), root, path }
}

describe('files that have a label', () => {
  it('keep it when they are replaced', async (context) => {
    const { system, path } = await labelled(context)
    await system.writeAtomic(DEFAULTS, NEW, ROOTS)
    expect(labelAt(path)).toBe(GRUBS)
  })

  it('have it again after undo, whatever became of their bytes', async (context) => {
    const { system, path } = await labelled(context)
    const backups = new Backups(system)
    const saved = await backups.save(DEFAULTS)
    expect(saved.label).toBe(GRUBS)
    await system.writeAtomic(DEFAULTS, NEW, { ...ROOTS, label: OTHERS })
    await backups.restore(saved)
    expect(labelAt(path)).toBe(GRUBS)
    relabelled(path, OTHERS)
    await backups.restore(saved)
    expect(labelAt(path)).toBe(GRUBS)
    await system.remove(DEFAULTS)
    await backups.restore(saved)
    expect(labelAt(path)).toBe(GRUBS)
  })

  it('have it again after the rescue script', async (context) => {
    const { system, root, path } = await labelled(context)
    const change = await ownWrite(system, { of: 'grub-defaults', variable: 'GRUB_CMDLINE_LINUX', args: ['iommu=pt'] })
    if (change === null) throw new RangeError('nothing to write')
    const plan: Omit<Plan, 'changes'> = {
      id: 'p',
      step: 'boot',
      rebootNeeded: true,
      risk: 'reversible',
      confirm: null,
    }
    await new Executor(system, 0, () => undefined).apply({ ...plan, changes: [{ change, reason: '', before: null }] })
    relabelled(path, OTHERS)
    const done = spawnSync('sh', [join(root, DATA_DIRECTORY, 'rescue.sh'), root], { encoding: 'utf8' })
    expect(done.stderr).toBe('')
    expect(labelAt(path)).toBe(GRUBS)
  })
})
