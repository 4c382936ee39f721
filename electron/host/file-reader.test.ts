import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { FileReader, readFailure } from './file-reader.ts'

it.each(['EOPNOTSUPP', 'ETIMEDOUT', 'ESTALE', 'ENODATA', 'ENOMEM', 'EMFILE', 'EUCLEAN', 'Z_DATA_ERROR'])(
  'a read that fails with %s leaves that one file unknown, with the reason',
  (code) => {
    const thrown = Object.assign(new Error(code), { code })
    expect(readFailure(thrown, '/proc/x')).toEqual({ kind: 'denied', why: `/proc/x: ${code}` })
  },
)

it('an error that is no file error is thrown on', () => {
  expect(() => readFailure(new TypeError('a defect'), '/proc/x')).toThrow('a defect')
})

it('a packed file that is cut short or not packed is denied, and the next one is read', async () => {
  const root = await temporaryDirectory('reader')
  await mkdir(join(root, 'proc'))
  const packed = gzipSync('CONFIG_VFIO_PCI=m\n')
  await writeFile(join(root, 'proc/short.gz'), packed.subarray(0, packed.length - 6))
  await writeFile(join(root, 'proc/plain.gz'), 'CONFIG_VFIO_PCI=m\n')
  await writeFile(join(root, 'proc/config.gz'), packed)
  const reader = new FileReader(root)
  expect(await reader.read('/proc/short.gz')).toEqual({ kind: 'denied', why: '/proc/short.gz: Z_BUF_ERROR' })
  expect(await reader.read('/proc/plain.gz')).toEqual({ kind: 'denied', why: '/proc/plain.gz: Z_DATA_ERROR' })
  expect(await reader.read('/proc/config.gz')).toEqual({ kind: 'text', text: 'CONFIG_VFIO_PCI=m\n' })
})

const MIB = 1_048_576

it('a file of 5 MiB is read to its last byte', async () => {
  const root = await temporaryDirectory('reader')
  await writeFile(join(root, 'log'), `${'x'.repeat(5 * MIB)}end`)
  const result = await new FileReader(root).read('/log')
  expect(result.kind === 'text' && result.text.endsWith('end')).toBe(true)
})

it('a file that is too long is not read in part: the answer says so', async () => {
  const root = await temporaryDirectory('reader')
  await writeFile(join(root, 'log'), 'first line\n')
  await truncate(join(root, 'log'), 128 * MIB + 1)
  expect(await new FileReader(root).read('/log')).toEqual({ kind: 'denied', why: '/log: longer than 128 MiB' })
})
