// Puts GRUB's boot.img and core.img into the first megabyte of a disk, with one partition at sector 2048.
//   node write-mbr.mjs DISK GRUB_DIRECTORY PARTITION_SECTORS
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

const [disk, grub, sectors] = process.argv.slice(2)
const boot = readFileSync(`${grub}/boot.img`)
const core = readFileSync(`${grub}/core.img`)
if (core.length > 2047 * 512) throw new Error('core.img does not fit before the partition')

const sector = Buffer.alloc(512)
boot.copy(sector, 0, 0, 440)
sector.writeUInt32LE(0x4c41424c, 440) // disk signature
// One active Linux partition; the CHS fields say "beyond CHS", sizes are in sectors.
sector.set([0x80, 0x20, 0x21, 0x00, 0x83, 0xfe, 0xff, 0xff], 446)
sector.writeUInt32LE(2048, 454)
sector.writeUInt32LE(Number(sectors), 458)
sector.set([0x55, 0xaa], 510)

const file = openSync(disk, 'r+')
writeSync(file, sector, 0, 512, 0)
writeSync(file, core, 0, core.length, 512)
closeSync(file)
