import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { labCache } from './image.ts'

/**
 * Before, VMRUN noted a guest's pending interrupt past the lock under which devices note theirs, so that either could be
 * lost (QEMU's target/i386/tcg, svm_helper.c: atomic from 10.2 on). Under 7.2 and 10.0 the lab's machine was seen to
 * sleep for ever with a nested guest, and its kernel to fall over; under 11.1 it was not.
 */
const SINCE = [10, 2] as const
const SUITE = 'trixie'
const PACKAGES = 'qemu-system-x86,seabios,ipxe-qemu'
const MIRROR = 'http://deb.debian.org/debian'

/** A program, the arguments that always come first, and what its environment needs besides. */
export interface Emulator {
  program: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** The QEMU that plays the lab's machine: this machine's own where it is new enough, otherwise Debian's backport. */
export async function emulator(): Promise<Emulator> {
  const own = 'qemu-system-x86_64'
  const { stdout } = await execa(own, ['--version'])
  const [, major = '0', minor = '0'] = /version (\d+)\.(\d+)/u.exec(stdout) ?? []
  const version = Number(major) * 1000 + Number(minor)
  return version >= SINCE[0] * 1000 + SINCE[1] ? { program: own, args: [], env: {} } : fromTree(await backportTree())
}

/** Runs with the tree's own C library: nothing of it is installed, and nothing of this machine's is needed. */
function fromTree(tree: string): Emulator {
  const libraries = join(tree, 'usr/lib/x86_64-linux-gnu')
  const data = ['qemu', 'seabios'].map((name) => join(tree, 'usr/share', name))
  return {
    program: join(libraries, 'ld-linux-x86-64.so.2'),
    args: [
      ...['--library-path', libraries, join(tree, 'usr/bin/qemu-system-x86_64')],
      ...data.flatMap((path) => ['-L', path]),
    ],
    // Modules of another build end it where it looks for them in this machine's own place.
    env: { QEMU_MODULE_DIR: join(libraries, 'qemu') },
  }
}

/** The unpacked packages, signatures checked by apt; fetched when the cache has none (60 MiB). */
async function backportTree(): Promise<string> {
  const directory = join(labCache(), 'lab')
  const tree = join(directory, `emulator-${SUITE}`)
  if (existsSync(tree)) return tree
  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, 'emulator-'))
  try {
    const unpacked = join(work, 'tree')
    const sources = [SUITE, `${SUITE}-backports`].map((suite) => `deb ${MIRROR} ${suite} main`)
    const preferred = `--aptopt=APT::Default-Release "${SUITE}-backports"`
    await execa('unshare', [
      ...['--mount', 'mmdebstrap', '--mode=root', '--variant=extract', preferred, `--include=${PACKAGES}`],
      ...[SUITE, unpacked, ...sources],
    ])
    await rename(unpacked, tree)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return tree
}
