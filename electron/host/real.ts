import { getuid } from 'node:process'
import { ProblemError } from '../../shared/problem.ts'
import type { Tool, ToolResult } from '../../shared/system.ts'
import { findTool, runTool } from './exec.ts'
import { FileReader } from './file-reader.ts'
import type { Host } from './host.ts'

const TOOL_LIMIT_MS = 120_000

/** This machine, read only. */
export class RealHost extends FileReader implements Host {
  readonly kind = 'real'

  constructor() {
    super('/')
  }

  async run(tool: Tool, args: readonly string[]): Promise<ToolResult | null> {
    try {
      return await runTool(tool, args, { timeoutMs: TOOL_LIMIT_MS })
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.problem.code === 'tool-missing') return null
      throw thrown
    }
  }

  async has(tool: Tool): Promise<boolean> {
    return (await findTool(tool)) !== null
  }

  uid(): number {
    return getuid?.() ?? 0
  }

  now(): Date {
    return new Date()
  }
}
