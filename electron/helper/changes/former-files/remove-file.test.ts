import { rm, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { HostTree, planOf } from '#helper/host-tree.fixture.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Change } from '#shared/plan/change.ts'

const RULE = OWN_FILES.initramfsInitTop
const TEXT = '#!/bin/sh\nclaim 0000:04:00.0 0x10de 0x13f1\n'

async function removing(tree: HostTree, path: string): Promise<Change> {
  const bytes = await tree.system.bytes(path)
  return { kind: 'remove-file', path, expected: bytes === null ? '' : tree.system.hash(bytes) }
}

async function removed(): Promise<HostTree> {
  const tree = await HostTree.make()
  await tree.write(RULE, TEXT, 0o755)
  await tree.executor().apply(planOf([await removing(tree, RULE)], 'bind'))
  return tree
}

describe('a file of a former generator', () => {
  it('goes, and comes back with its bytes and its mode', async () => {
    const tree = await removed()
    expect(await tree.text(RULE)).toBeNull()
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect(await tree.text(RULE)).toBe(TEXT)
    expect((await stat(tree.at(RULE))).mode & 0o777).toBe(0o755)
  })

  it('comes back also where its directory went with the generator', async () => {
    const tree = await removed()
    await rm(tree.at('/etc/initramfs-tools'), { recursive: true })
    await tree.executor().undo({ kind: 'all' })
    expect(await tree.text(RULE)).toBe(TEXT)
  })

  it('does not come back over what somebody else put there since', async () => {
    const tree = await removed()
    await tree.write(RULE, 'theirs\n')
    const { notes } = await tree.executor().undo({ kind: 'all' })
    expect(notes).toEqual([`${RULE} was written by someone else since; it was left as it is now.`])
    expect(await tree.text(RULE)).toBe('theirs\n')
  })

  it('stays where it was changed since the plan was made', async () => {
    const tree = await HostTree.make()
    await tree.write(RULE, TEXT)
    const change = await removing(tree, RULE)
    await tree.write(RULE, 'theirs\n')
    await expect(tree.executor().apply(planOf([change], 'bind'))).rejects.toMatchObject({
      problem: { code: 'conflict' },
    })
    expect(await tree.text(RULE)).toBe('theirs\n')
  })
})

describe('any other file', () => {
  it.each(['/etc/shadow', OWN_FILES.grubDefaults, OWN_FILES.mkinitcpioConf, OWN_FILES.virtualScript])(
    'is not removed: %s',
    async (path) => {
      const tree = await HostTree.make()
      await tree.write(path, 'kept\n')
      const plan = planOf([await removing(tree, path)], 'bind')
      await expect(tree.executor().apply(plan)).rejects.toMatchObject({ problem: { code: 'refused' } })
      expect(await tree.text(path)).toBe('kept\n')
    },
  )

  it('is not removed by a step that writes none of them', async () => {
    const tree = await HostTree.make()
    await tree.write(RULE, TEXT)
    const plan = planOf([await removing(tree, RULE)], 'network')
    await expect(tree.executor().apply(plan)).rejects.toMatchObject({ problem: { code: 'refused' } })
  })
})
