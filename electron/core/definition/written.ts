import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { definitionIn, type VmDefinition } from '#shared/vm/vm.ts'

/** VMs as step 8 wrote them, by the name of their directory. */
export type WrittenVms = ReadonlyMap<string, VmDefinition>

const FILE = new RegExp(`^${DATA_DIRECTORY}/vms/([^/]+)/vm\\.json$`, 'u')

/** Reads every vm.json of the facts; one that is not in this version's form is left out. */
export function writtenVms({ files }: Pick<Facts, 'files'>): WrittenVms {
  const found = Object.entries(files).flatMap(([path, file]): [string, VmDefinition][] => {
    const name = FILE.exec(path)?.[1]
    const definition = name === undefined || file === null || isUnknown(file) ? null : definitionIn(file.text)
    return name === undefined || definition === null ? [] : [[name, definition]]
  })
  return new Map(found)
}
