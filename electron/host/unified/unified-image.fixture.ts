/** Makes the bytes of a 64-bit EFI program with these sections, as objcopy and ukify lay them out. */
export function unifiedBytes(sections: Readonly<Record<string, string>>, signed = false): Buffer {
  const entries = Object.entries(sections).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
  const [pe, optional] = [128, 152]
  const table = optional + 240
  const start = rounded(table + entries.length * 40)
  const head = Buffer.alloc(start)
  head.write('MZ', 0, 'latin1')
  head.writeUInt32LE(pe, 60)
  head.write('PE\0\0', pe, 'latin1')
  head.writeUInt16LE(entries.length, pe + 6)
  head.writeUInt16LE(240, pe + 20)
  head.writeUInt16LE(0x20b, optional)
  head.writeUInt32LE(signed ? 8 : 0, optional + 148)
  let offset = start
  for (const [index, { name, bytes }] of entries.entries()) {
    const at = table + index * 40
    head.write(name, at, 8, 'latin1')
    head.writeUInt32LE(bytes.length, at + 8)
    head.writeUInt32LE(rounded(bytes.length), at + 16)
    head.writeUInt32LE(offset, at + 20)
    offset += rounded(bytes.length)
  }
  return Buffer.concat([head, ...entries.map(({ bytes }) => Buffer.concat([bytes], rounded(bytes.length)))])
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / 512) * 512
}
