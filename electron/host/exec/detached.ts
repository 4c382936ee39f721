import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execa } from 'execa'
import type { Tool } from '#shared/base/system.ts'
import { note } from '../log.ts'
import { ENVIRONMENT, findTool, mustFindTool } from './tools.ts'

/** Starts a program that outlives us, and that keeps what it says by itself. Returns once it runs. */
export async function startDetached(tool: Tool, args: readonly string[]): Promise<void> {
  const path = await mustFindTool(tool)
  const child = spawn(path, args, { detached: true, stdio: 'ignore', env: ENVIRONMENT, cwd: '/' })
  await once(child, 'spawn')
  child.unref()
}

/** Follows a tool's output line by line until `stop` is called or it ends by itself. Its absence is no fault. */
export async function followTool(
  tool: Tool,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<{ stop: () => void }> {
  const path = await findTool(tool)
  if (path === null) return { stop: () => undefined }
  const child = execa(path, args, { env: ENVIRONMENT, extendEnv: false, reject: false, buffer: false, stdin: 'ignore' })
  const reading = async () => {
    for await (const line of child.iterable()) onLine(line)
  }
  reading().catch((thrown: unknown) => note(`${tool} is not followed any more: ${String(thrown)}`))
  return { stop: () => child.kill() }
}
