import { spawn } from 'node:child_process'
import { note } from '../log.ts'
import { ENVIRONMENT, findTool } from './tools.ts'

/**
 * Does something while systemd neither suspends nor shuts the host down (systemd-inhibit(1)). The lock is a child that
 * reads a pipe of ours, so it ends with us, however we end. Where it cannot be had the work is done all the same.
 */
export async function whileAwake<T>(why: string, work: () => Promise<T>): Promise<T> {
  const release = await inhibit(why)
  try {
    return await work()
  } finally {
    release()
  }
}

async function inhibit(why: string): Promise<() => void> {
  const [path, tee] = [await findTool('systemd-inhibit'), await findTool('tee')]
  if (path === null || tee === null) return () => undefined
  const lock = ['--what=sleep:shutdown', '--mode=block', '--who=Passthrough Studio', `--why=${why}`]
  const child = spawn(path, [...lock, tee], { env: ENVIRONMENT, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.on('error', (thrown) => note(`The host may fall asleep meanwhile: ${thrown.message}`))
  child.stdin.on('error', () => undefined)
  child.unref()
  return () => child.stdin.end()
}
