import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../paths.mjs'

/**
 * A part of a package's scripts, indented to stand inside a case.
 * @param {string} name
 */
export async function script(name) {
  const text = await readFile(join(ROOT, 'assets/linux/package', `${name}.sh`), 'utf8')
  return text.replaceAll(/^(?=.)/gmu, '    ')
}
