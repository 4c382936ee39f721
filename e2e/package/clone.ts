import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { CHECKOUT } from './builder.ts'

/**
 * Lets `use` work in a clone of the last commit at `place` below the directory for temporary files. What npm installed
 * comes along, but for the official Electron. A copy: with hard links a build could write into the checkout's files.
 */
export async function inClone<T>(place: string, use: (checkout: string) => Promise<T>): Promise<T> {
  const checkout = join(tmpdir(), place)
  await mkdir(dirname(checkout), { recursive: true })
  try {
    await execa('git', ['clone', '--quiet', CHECKOUT, checkout])
    await execa('cp', ['--archive', '--reflink=auto', join(CHECKOUT, 'node_modules'), checkout])
    const electron = join(checkout, 'node_modules/electron/dist')
    if (existsSync(electron)) await rm(electron, { recursive: true })
    return await use(checkout)
  } finally {
    await rm(checkout, { recursive: true, force: true })
  }
}
