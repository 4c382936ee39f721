const encoder = new TextEncoder()

export interface Member {
  name: string
  /** Kind and permissions, as in stat(2). */
  mode: number
  data: Uint8Array
}

/**
 * A cpio archive in the "newc" format that the kernel unpacks (Documentation/driver-api/early-userspace/buffer-format).
 * Several archives may follow each other in one initramfs; later files win.
 */
export function cpioArchive(members: readonly Member[]): Uint8Array {
  const parts = members.flatMap((member, index) => entry(member.name, member.mode, member.data, index + 1))
  return concatenate([...parts, ...entry('TRAILER!!!', 0, new Uint8Array(), 0)])
}

function entry(name: string, mode: number, data: Uint8Array, inode: number): Uint8Array[] {
  const title = encoder.encode(`${name}\0`)
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, title.length, 0]
  const header = encoder.encode(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`)
  return [header, title, padding(header.length + title.length), data, padding(data.length)]
}

/** Zero bytes up to the next multiple of four. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
