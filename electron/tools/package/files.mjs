import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Where the programs lie, and what is to be read of them; relative to the tree. */
export const LIB = 'usr/lib/passthrough-studio'
export const DOC = 'usr/share/doc/passthrough-studio'

/** Writes below one directory with fixed modes, whatever this user's umask is. */
export class Tree {
  /** @param {string} root */
  constructor(root) {
    this.root = root
  }

  /** @param {string} path */
  at(path) {
    return join(this.root, path)
  }

  /**
   * @param {string} path
   * @param {string | Uint8Array} content
   * @param {number} mode
   */
  async write(path, content, mode = 0o644) {
    await mkdir(dirname(this.at(path)), { recursive: true })
    await writeFile(this.at(path), content)
    await chmod(this.at(path), mode)
  }

  /**
   * Without name and time, so that the same text gives the same bytes.
   * @param {string} path
   * @param {string | Uint8Array} text
   */
  async writeGzipped(path, text) {
    await this.write(`${path}.gz`, gzipSync(text, { level: 9 }))
  }

  /**
   * @param {string} from
   * @param {string} path
   * @param {number} mode
   */
  async copy(from, path, mode = 0o644) {
    await mkdir(dirname(this.at(path)), { recursive: true })
    await copyFile(from, this.at(path))
    await chmod(this.at(path), mode)
  }
}
