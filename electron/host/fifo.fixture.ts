import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Makes a FIFO. Who opens it for one direction waits for the other, as for a kernel that hangs. */
export async function makeFifo(path: string): Promise<void> {
  await promisify(execFile)('mkfifo', [path])
}

/** Lets everybody go on who waits at a FIFO. */
export async function releaseFifo(path: string): Promise<void> {
  await (await open(path, 'r+')).close()
}
