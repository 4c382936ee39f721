import { execa } from 'execa'
import type { LinuxRoot } from './linux-root.ts'

/** Debian's rpm says this each time. */
const ADVICE = /^rpm: (RPM should not be used directly|However assuming you know).*\n?/gmu

/** Runs rpm on a root; throws when it fails. Returns all that it said. */
export async function rpmIn(root: LinuxRoot, ...words: string[]): Promise<string> {
  const { all } = await execa('rpm', ['--root', root.path, ...words], { all: true })
  return all.replaceAll(ADVICE, '').trim()
}

/** All files of a root, and all directories that have the program's name; others may be there for any package. */
export async function filesOf(root: LinuxRoot): Promise<string[]> {
  const wanted = ['(', '!', '-type', 'd', '-o', '-iname', '*passthrough*', ')']
  const { stdout } = await execa('find', [root.path, '-xdev', ...wanted, '-printf', '/%P\\n'])
  return stdout.split('\n').sort()
}
