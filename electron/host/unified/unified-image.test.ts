import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUnifiedImage } from '#shared/facts/boot/unified-image.ts'
import { FileReader } from '../file-reader.ts'
import { temporaryDirectory } from '../temporary.fixture.ts'
import { unifiedBytes } from './unified-image.fixture.ts'

const PATH = '/efi/EFI/Linux/linux.efi'
const PLAIN = { '.osrel': 'ID=arch\n', '.cmdline': 'root=/dev/sda1 ro', '.linux': 'kernel', '.initrd': 'initramfs' }

async function read(bytes: Buffer) {
  const root = await temporaryDirectory()
  await mkdir(join(root, '/efi/EFI/Linux'), { recursive: true })
  await writeFile(join(root, PATH), bytes)
  return new FileReader(root).read(PATH)
}

async function image(bytes: Buffer) {
  const found = await read(bytes)
  return found.kind === 'text' ? parseUnifiedImage(found.text) : null
}

describe('a unified kernel image', () => {
  it('is read by its sections, and its kernel is not', async () => {
    expect(await image(unifiedBytes(PLAIN))).toEqual({
      cmdline: 'root=/dev/sda1 ro',
      uname: null,
      osrel: 'ID=arch',
      initrd: { offset: expect.any(Number) as number, bytes: 'initramfs'.length },
      signed: false,
    })
  })

  it('names where its initramfs lies', async () => {
    const bytes = unifiedBytes(PLAIN)
    const { offset, bytes: length } = (await image(bytes))?.initrd ?? { offset: 0, bytes: 0 }
    expect(bytes.toString('utf8', offset, offset + length)).toBe('initramfs')
  })

  it('tells whether a signature is attached', async () => {
    expect(await image(unifiedBytes(PLAIN, true))).toMatchObject({ signed: true })
  })

  it('keeps the command line up to its NUL, as dracut ends it', async () => {
    expect(await image(unifiedBytes({ ...PLAIN, '.cmdline': ' ro quiet\0' }))).toMatchObject({ cmdline: 'ro quiet' })
  })

  it('is none without a kernel, and no other file is one', async () => {
    const others = [Buffer.alloc(0), Buffer.from('MZ'), Buffer.alloc(4096, 0xff), unifiedBytes({ '.text': 'menu' })]
    for (const bytes of others) expect(await read(bytes)).toEqual({ kind: 'denied', why: `${PATH}: ENOEXEC` })
  })

  it('that is damaged anywhere is read or refused, and never fails otherwise', async () => {
    const whole = unifiedBytes(PLAIN)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 8 }),
        async (length, changes) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of changes) bytes[at] = value
          const found = await read(bytes.subarray(0, length))
          expect(found.kind === 'text' || found.kind === 'denied').toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})
