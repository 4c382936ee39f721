import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { stuckNote } from '#shared/base/own-files.ts'
import { makeFifo, releaseFifo } from '../fifo.fixture.ts'
import { FileReader } from '../file-reader.ts'
import { gatherDevices } from '../gather/devices.ts'
import { simulated } from '../simulated/host.fixture.ts'
import { temporaryDirectory } from '../temporary.fixture.ts'
import { HungReads } from './hung-reads.ts'

const OVERRIDE = '/sys/bus/pci/devices/0000:04:00.0/driver_override'

/** A FIFO that nobody writes stands in for an attribute whose lock is held for good. */
async function hanging(): Promise<{ reader: FileReader; path: string }> {
  const root = await temporaryDirectory('hung')
  const path = join(root, OVERRIDE)
  await mkdir(dirname(path), { recursive: true })
  await makeFifo(path)
  return { reader: new FileReader(root), path }
}

it('a read of sysfs that hangs is given up, and not begun again while it hangs', async () => {
  const reads = new HungReads(100)
  let began = 0
  let answer: (text: string) => void = () => undefined
  const work = () => {
    began += 1
    return new Promise<string>((resolve) => (answer = resolve))
  }
  for (let time = 0; time < 3; time += 1)
    await expect(reads.read(OVERRIDE, work)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  expect(began).toBe(1)
  answer('late')
  await new Promise((resolve) => setImmediate(resolve))
  const again = reads.read(OVERRIDE, work)
  answer('in time')
  expect(await again).toBe('in time')
})

it('nothing is read of a function on which the kernel hangs that would hang as well', async () => {
  const { reader, path } = await hanging()
  const host = simulated()
  const asked: string[] = []
  const read = host.read.bind(host)
  host.read = (file) => {
    asked.push(file)
    return file === OVERRIDE ? reader.read(file) : read(file)
  }
  const note = stuckNote('0000:04:00.0')
  await host.writeAtomic(note, new TextEncoder().encode('unbind'), { mode: 0o644, uid: 0, gid: 0 })
  const devices = await gatherDevices(host, null)
  expect(devices.filter(({ stuck }) => stuck).map(({ address }) => address)).toEqual(['0000:04:00.0'])
  expect(asked).not.toContain(OVERRIDE)
  expect(asked).toContain(OVERRIDE.replace('04:00.0', '04:00.1'))
  await releaseFifo(path)
})
