import { expect, it } from 'vitest'
import { RecordedHost } from '../recorded/recorded.ts'
import { recordingOf } from '../simulated/description.ts'
import { PAPER_WORKSTATION } from '../simulated/paper/workstation.ts'
import { gatherMemory } from './memory.ts'
import { gatherTopology } from './topology.ts'

/** The paper's workstation with these files besides. */
function hostWith(files: Readonly<Record<string, string>>, dirs: Readonly<Record<string, string[]>> = {}) {
  const recording = recordingOf(PAPER_WORKSTATION)
  return new RecordedHost({
    ...recording,
    files: { ...recording.files, ...files },
    dirs: { ...recording.dirs, ...dirs },
  })
}

it('cores have a kind where the kernel tells two, and none where one of both is switched off', async () => {
  const kinds = async (files: Readonly<Record<string, string>>) => {
    const topology = await gatherTopology(hostWith(files))
    return Array.isArray(topology) ? topology.slice(11, 14).map(({ kind }) => kind) : topology
  }
  const core = { '/sys/devices/cpu_core/cpus': '0-12\n' }
  expect(await kinds({ ...core, '/sys/devices/cpu_atom/cpus': '13-27\n' })).toEqual([
    'performance',
    'performance',
    'efficiency',
  ])
  expect(await kinds(core)).toEqual([null, null, null])
})

it('NUMA nodes are those that have memory', async () => {
  const at = '/sys/devices/system/node'
  const host = hostWith(
    {
      [`${at}/node0/meminfo`]: 'Node 0 MemTotal:       16384000 kB\nNode 0 MemFree: 1 kB\n',
      [`${at}/node1/meminfo`]: 'Node 1 MemTotal:       0 kB\n',
      [`${at}/node2/meminfo`]: 'Node 2 MemTotal:       1048576 kB\n',
    },
    { [at]: ['has_memory', 'node2', 'node0', 'node1'] },
  )
  expect((await gatherMemory(host)).nodes).toEqual([
    { id: 0, totalMiB: 16_000 },
    { id: 2, totalMiB: 1024 },
  ])
})
