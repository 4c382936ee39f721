import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { labCache } from './image.ts'

/** How a QEMU is called. */
export interface Emulator {
  words: readonly [program: string, ...args: string[]]
  env: Readonly<Record<string, string>>
}

/** The one that is installed here. */
export const INSTALLED: Emulator = { words: ['qemu-system-x86_64'], env: {} }

/** Debian 13 has QEMU 10.0. */
const SUITE = 'trixie'
const PACKAGES = 'qemu-system-x86,seabios'
const LIBRARIES = 'usr/lib/x86_64-linux-gnu'

/**
 * A QEMU of Debian's next release, for devices that the installed one does not have yet (igb: 8.0). Its packages are
 * unpacked into the cache once, with all they depend on, and nothing is installed: it runs by the loader, with the
 * libraries, modules and firmware that are there.
 */
export async function newerQemu(): Promise<Emulator> {
  const root = await unpacked()
  const libraries = join(root, LIBRARIES)
  const firmware = ['qemu', 'seabios'].flatMap((name) => ['-L', join(root, 'usr/share', name)])
  const loader = join(libraries, 'ld-linux-x86-64.so.2')
  const binary = join(root, 'usr/bin/qemu-system-x86_64')
  return {
    words: [loader, '--library-path', libraries, binary, ...firmware],
    env: { QEMU_MODULE_DIR: join(libraries, 'qemu') },
  }
}

async function unpacked(): Promise<string> {
  const key = createHash('sha256').update(`${SUITE} ${PACKAGES}`).digest('hex').slice(0, 12)
  const directory = join(labCache(), 'lab')
  const root = join(directory, `qemu-${SUITE}-${key}`)
  if (existsSync(root)) return root
  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, 'build-'))
  try {
    const made = join(work, 'root')
    const how = ['--mode=root', '--variant=extract', '--format=directory', `--include=${PACKAGES}`]
    await execa('mmdebstrap', [...how, '--aptopt=Acquire::Languages "none"', SUITE, made])
    await rename(made, root)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return root
}
