import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { execa } from 'execa'
import type { Tool } from '#shared/base/system.ts'
import { note } from '../log.ts'
import { ENVIRONMENT, findTool, mustFindTool } from './tools.ts'

/** Starts a program that outlives us, its output in a log file that is created anew. Returns once it runs. */
export async function startDetached(
  tool: Tool,
  args: readonly string[],
  log: { path: string; uid: number; gid: number },
): Promise<void> {
  const path = await mustFindTool(tool)
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
  const file = await open(log.path, flags, 0o640)
  try {
    await file.chown(log.uid, log.gid)
    const stdio = ['ignore', file.fd, file.fd] as const
    const child = spawn(path, args, { detached: true, stdio: [...stdio], env: ENVIRONMENT, cwd: '/' })
    await once(child, 'spawn')
    child.unref()
  } finally {
    await file.close()
  }
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
