import { runToolAs } from '#host/exec/run-tool.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

export const LIMIT_MS = 300_000
/** 1: it does not take its arguments, and says why. */
export const REFUSES = { timeoutMs: LIMIT_MS, expect: [0, 1] }

/** As whom a VM's programs are run to see whether they would. */
export interface As {
  definition: Pick<VmDefinition, 'name' | 'user'>
  asRoot: boolean
}

/** Runs a tool as the VM's user, for which root drops everything first; ends it when `stop` says so. */
export function runAsUser(
  tool: Tool,
  args: readonly string[],
  { definition: { user }, asRoot }: As,
  stop?: AbortSignal,
): Promise<ToolResult> {
  return runToolAs(asRoot ? user : null, tool, args, stop === undefined ? REFUSES : { ...REFUSES, stop })
}
