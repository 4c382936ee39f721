import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { runChild } from '../child.fixture.ts'

const CARDS = 400
const FILES = {
  vendor: '0x10de',
  device: '0x20b0',
  class: '0x030200',
  subsystem_vendor: '0x10de',
  subsystem_device: '0x1450',
  driver_override: '(null)',
  resource: '0x0 0xffffff 0x40200\n',
  power_state: 'D0',
  numa_node: '0',
}

const hex = (value: number) => value.toString(16).padStart(2, '0')

/** A card is in a domain of its own bus range; the last hundred are behind VMD, whose domains begin at 10000. */
function addressOf(card: number, fn: number): string {
  const domain = card < 300 ? '0000' : '10000'
  return `${domain}:${hex(1 + (card % 250))}:${hex(card < 250 || card >= 300 ? 0 : 1)}.${fn}`
}

async function functionAt(root: string, address: string): Promise<void> {
  const place = join(root, 'sys/devices', `pci${address.split(':').slice(0, 2).join(':')}`, address)
  await mkdir(place, { recursive: true })
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(place, file), `${text}\n`)
  await writeFile(join(place, 'config'), Buffer.alloc(64, 1))
  await symlink('../../../bus/pci/drivers/nvidia', join(place, 'driver'))
  await symlink(place.slice(root.length + 1).replace(/^sys/u, '../../..'), join(root, 'sys/bus/pci/devices', address))
}

it('a host of 800 functions is read by a process that may open 256 files', async () => {
  const root = await temporaryDirectory('many-functions')
  await mkdir(join(root, 'sys/bus/pci/devices'), { recursive: true })
  const addresses = Array.from({ length: CARDS }, (_, card) => [addressOf(card, 0), addressOf(card, 1)]).flat()
  for (const address of addresses) await functionAt(root, address)
  const limited = ['sh', '-c', 'ulimit -n 256 && exec "$@"', 'sh']
  const said = await runChild('electron/host/gather/many-functions.child.fixture.ts', [root], limited)
  expect(JSON.parse(said)).toEqual({ all: 2 * CARDS, whole: 2 * CARDS, last: addresses.toSorted().at(-1) })
})
