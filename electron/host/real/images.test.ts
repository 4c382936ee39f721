import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.fixture.ts'
import { isCopied, readImage } from './images.ts'

const run = promisify(execFile)

const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 }
const ESP = '28732ac11ff8d211ba4b00a0c93ec93b'
/** What QEMU gives its emulated e1000 (package ipxe-qemu). */
const IPXE = '/usr/lib/ipxe/qemu/efi-e1000.rom'
const BIOS_BOOT = '4861682149646f6e744e656564454649'

/** A disk's beginning with these partition types in a table of the old kind. */
function mbr(...types: number[]): Buffer {
  const disk = Buffer.alloc(65_536)
  types.forEach((type, index) => disk.writeUInt8(type, 446 + index * 16 + 4))
  disk.writeUInt16LE(0xaa55, 510)
  return disk
}

/** The same with a GPT of these type GUIDs, with sectors of that size. */
function gpt(sector: number, ...types: string[]): Buffer {
  const disk = mbr(0xee)
  disk.write('EFI PART', sector, 'latin1')
  disk.writeBigUInt64LE(2n, sector + 72)
  disk.writeUInt32LE(128, sector + 80)
  disk.writeUInt32LE(128, sector + 84)
  types.forEach((type, index) => Buffer.from(type, 'hex').copy(disk, 2 * sector + index * 128))
  return disk
}

async function raw(bytes: Buffer, name = 'disk.qcow2'): Promise<string> {
  const path = join(await temporaryDirectory('image'), name)
  await writeFile(path, bytes)
  return path
}

/** The same disk in another format, made by QEMU, under a name that says nothing. */
async function converted(bytes: Buffer, format: string, ...options: string[]): Promise<string> {
  const from = await raw(bytes, 'from')
  const path = join(await temporaryDirectory('image'), 'win10.img')
  await run('qemu-img', ['convert', '-f', 'raw', '-O', format, ...options, from, path])
  return path
}

describe('a disk image, told by its bytes', () => {
  it('is what it is, whatever its name says', async () => {
    expect(await readImage(await raw(mbr(7)), null)).toMatchObject({ kind: 'raw' })
    for (const kind of ['qcow2', 'vmdk', 'vdi', 'vhdx', 'qed', 'qcow'])
      expect(await readImage(await converted(mbr(7), kind), null)).toMatchObject({ kind })
    expect(await readImage(await converted(mbr(7), 'vpc'), null)).toMatchObject({ kind: 'vhd' })
  })

  it.each([
    ['bios', mbr(7, 0x27)],
    ['uefi', mbr(0xef, 7)],
    ['uefi', gpt(512, ESP, 'a2a0d0ebe5b9334487c068b6b72699c7')],
    ['uefi', gpt(4096, ESP)],
    ['both', gpt(512, BIOS_BOOT, ESP)],
    ['bios', gpt(512, BIOS_BOOT)],
    ['unknown', gpt(512, 'a2a0d0ebe5b9334487c068b6b72699c7')],
    ['unknown', mbr()],
    ['none', Buffer.alloc(65_536)],
  ])('starts by %s, raw or in clusters of any size', async (startsBy, disk) => {
    expect(await readImage(await raw(disk), null)).toMatchObject({ startsBy })
    for (const size of ['512', '65536', '2M']) {
      const path = await converted(disk, 'qcow2', '-o', `cluster_size=${size}`)
      expect(await readImage(path, null), size).toMatchObject({ kind: 'qcow2', startsBy, backing: [] })
    }
  })

  it('with compressed clusters is read as far as it goes, and nothing is guessed', async () => {
    expect(await readImage(await converted(mbr(7), 'qcow2', '-c'), null)).toMatchObject({ startsBy: 'unknown' })
  })

  it('names what it rests on, and what of it is missing', async () => {
    const base = await converted(mbr(7), 'qcow2')
    const middle = join(await temporaryDirectory('image'), 'middle')
    const top = join(await temporaryDirectory('image'), 'top')
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'qcow2', middle])
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', middle, '-F', 'qcow2', top])
    const both = [middle, base].map((path) => ({ path, there: true }))
    expect(await readImage(top, null)).toMatchObject({ backing: both, startsBy: 'unknown' })
    await run('rm', [base])
    expect(await readImage(top, null)).toMatchObject({ backing: [both[0], { path: base, there: false }] })
  })

  it('that is no file, or a FIFO that nobody writes to, is not there', async () => {
    const directory = await temporaryDirectory('image')
    await run('mkfifo', [join(directory, 'fifo')])
    for (const path of [join(directory, 'fifo'), join(directory, 'none'), '/dev/zero'])
      expect(await readImage(path, null), path).toBeNull()
  })

  it('that is a directory is told as one, which a guest may share', async () => {
    expect(await readImage(await temporaryDirectory('image'), null)).toMatchObject({
      kind: 'directory',
      writable: true,
    })
  })

  it('of a few bytes is raw', async () => {
    expect(await readImage(await raw(Buffer.from('a')), null)).toMatchObject({ kind: 'raw', startsBy: 'unknown' })
  })
})

describe('what lsattr says of a file on btrfs', () => {
  it.each([
    ['---------------------- /srv/disk.img\n', true],
    ['---------------C------ /srv/disk.img\n', false],
    ['--------c------m------ /srv/C.img\n', true],
    ['', false],
  ])('%j: its blocks are written elsewhere: %s', (attributes, copied) => {
    expect(isCopied(attributes)).toBe(copied)
  })
})

describe.runIf(getuid?.() === 0)('a disk image that root looks at', () => {
  it('is judged by what the VM’s user may do, a directory as well', async () => {
    const closed = await temporaryDirectory('image')
    await chmod(closed, 0o711)
    expect(await readImage(closed, NOBODY)).toEqual({ unknown: `nobody may not look into ${closed}` })
    await chmod(closed, 0o755)
    expect(await readImage(closed, NOBODY)).toMatchObject({ kind: 'directory', writable: false })
    const path = await raw(mbr(7))
    expect(await readImage(path, NOBODY)).toBeNull()
    await chmod(dirname(path), 0o755)
    expect(await readImage(path, NOBODY)).toMatchObject({ kind: 'raw', writable: false })
    await chmod(path, 0o666)
    expect(await readImage(path, NOBODY)).toMatchObject({ writable: true })
    await chmod(path, 0o600)
    expect(await readImage(path, NOBODY)).toEqual({ unknown: `nobody may not read ${path}` })
  })
})

/** An image of a ROM as a card has it (PCI Firmware Specification 3.0, 5.1). `code`: 0 for BIOS, 3 for UEFI. */
function romImage(code: number, last: boolean): Buffer {
  const image = Buffer.alloc(1024)
  image.writeUInt16BE(0x55aa, 0)
  image.writeUInt16LE(0x40, 0x18)
  image.write('PCIR', 0x40)
  image.writeUInt16LE(0x10de, 0x44)
  image.writeUInt16LE(0x13f1, 0x46)
  image.writeUInt16LE(2, 0x50)
  image.writeUInt8(code, 0x54)
  image.writeUInt8(last ? 0x80 : 0, 0x55)
  return image
}

describe('the ROM of a card in a file', () => {
  const ids = { vendorId: '10de', deviceId: '13f1' }
  const images = [
    { ...ids, code: 'bios' },
    { ...ids, code: 'uefi' },
  ]
  const whole = Buffer.concat([romImage(0, false), romImage(3, true)])

  it('is read with all its images, up to the one that says it is the last', async () => {
    const file = Buffer.concat([whole, romImage(0, true)])
    expect(await readImage(await raw(file, 'card.rom'), null)).toMatchObject({ rom: { at: 0, images } })
  })

  it('is found behind the header that NVIDIA’s tools save before it', async () => {
    const file = Buffer.concat([Buffer.from('NVGI'), Buffer.alloc(1532), whole])
    expect(await readImage(await raw(file, 'card.rom'), null)).toMatchObject({ rom: { at: 1536, images } })
  })

  it.each([
    ['a disk', mbr(7)],
    ['a signature alone', Buffer.concat([Buffer.from([0x55, 0xaa]), Buffer.alloc(2000)])],
    [
      'a pointer beyond its end',
      Buffer.concat([Buffer.from([0x55, 0xaa]), Buffer.alloc(22, 0xff), Buffer.alloc(8, 0xff)]),
    ],
    ['a file cut off in the header', Buffer.from([0x55, 0xaa, 0])],
  ])('is not seen in %s', async (_, bytes) => {
    expect(await readImage(await raw(bytes), null)).not.toHaveProperty('rom')
  })

  it.skipIf(!existsSync(IPXE))('is read of a network card’s ROM as it is installed', async () => {
    const device = { vendorId: '8086', deviceId: '100e' }
    const ipxe = [
      { ...device, code: 'bios' },
      { ...device, code: 'uefi' },
    ]
    expect(await readImage(IPXE, null)).toMatchObject({ rom: { at: 0, images: ipxe } })
  })
})
