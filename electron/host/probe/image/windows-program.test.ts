import { expect, it } from 'vitest'
import { isWindowsProgram } from './windows-program.ts'

/** A file that says its header is at 0x80. */
function file(first: string, header: string): Buffer {
  const bytes = Buffer.alloc(512)
  bytes.write(first, 0, 'latin1')
  bytes.writeUInt32LE(0x80, 0x3c)
  bytes.write(header, 0x80, 'latin1')
  return bytes
}

const isOne = (bytes: Buffer) =>
  isWindowsProgram(async (_path, at, length) => bytes.subarray(at, at + length), '/setup.exe', bytes)

it.each([
  ['a program of Windows', file('MZ', 'PE\0\0'), true],
  ['one of DOS', file('MZ', 'NE\0\0'), false],
  ['an archive', file('PK', 'PE\0\0'), false],
  ['a file that ends at once', Buffer.from('MZ'), false],
  ['an empty file', Buffer.alloc(0), false],
])('%s is told by its header', async (_what, bytes, expected) => {
  expect(await isOne(bytes)).toBe(expected)
})
