import type { ReadBytes } from './bytes.ts'

/** Microsoft, "PE Format": where the header of a program is, and what it begins with. */
const DOS = Buffer.from('MZ')
const HEADER_AT = 0x3c
const SIGNATURE = Buffer.from('PE\0\0')

/** Whether a file is a program of Windows, by its first bytes and by its header. */
export async function isWindowsProgram(read: ReadBytes, path: string, head: Buffer): Promise<boolean> {
  if (!head.subarray(0, DOS.length).equals(DOS) || head.length < HEADER_AT + 4) return false
  const found = await read(path, head.readUInt32LE(HEADER_AT), SIGNATURE.length)
  return found.equals(SIGNATURE)
}
