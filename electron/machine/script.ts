import type { QemuFacts } from '../../shared/facts.ts'
import { shellQuote } from '../../shared/shell-quote.ts'
import { type VmDefinition, vmPaths } from '../../shared/vm.ts'
import { vmArguments } from './argv.ts'

/** A readable script that starts the VM with exactly the arguments the app uses. It stays paused until `cont`. */
export function startScript(definition: VmDefinition, qemu: QemuFacts): string {
  const { run } = vmPaths(definition.name)
  const groups = vmArguments(definition, qemu, true)
  const lines = groups.flatMap((group) => [`  # ${group.reason}`, `  ${group.args.map(shellQuote).join(' ')}`])
  return `#!/bin/bash
# Start script of the VM "${definition.name}", written by Passthrough Studio, step 8.
# Run it as ${definition.user.name}, after step 5, with enough locked memory (ulimit -l, in KiB):
#   needed here: ${(definition.memoryMiB + 1024) * 1024}
set -eu

mkdir -p -m 0700 ${shellQuote(run)}

arguments=(
${lines.join('\n')}
)

exec ${shellQuote(qemu.binary)} "\${arguments[@]}"
`
}
