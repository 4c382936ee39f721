import type { Reader } from '#shared/base/system.ts'
import { definitionIn, earlierVmPaths, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'

/**
 * Returns what a VM that is there was started as: start-vm.sh leaves a copy of its vm.json beside the sockets, and
 * takes it away with them. Null: it is not there, its directory is another user's, or its script is of an earlier
 * version.
 */
export async function startedAs(reader: Reader, name: string): Promise<VmDefinition | null> {
  for (const { startedAs: path } of [vmPaths(name), earlierVmPaths(name)]) {
    const file = await reader.read(path)
    const found = file.kind === 'text' ? definitionIn(file.text) : null
    if (found?.name === name) return found
  }
  return null
}
