import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { driverOf, note } from '../evidence.ts'
import { compare, DARK, prepareBoot, reboot, remember, studio } from '../verbs.ts'

const DEVICES = '/sys/bus/pci/devices'
const CARD = '0000:01:00.0'
/** Intel 82576, as QEMU's igb is, and its virtual functions. */
const NETWORK_CARD = '0x8086 0x10c9'
const VIRTUAL = '0x8086 0x10ca'

async function withIds(ids: string): Promise<string[]> {
  const addresses = (await readdir(DEVICES)).toSorted()
  const found = await Promise.all(
    addresses.map(async (at) => {
      const read = ['vendor', 'device'].map((name) => readFile(join(DEVICES, at, name), 'utf8'))
      return (await Promise.all(read)).map((text) => text.trim()).join(' ')
    }),
  )
  return addresses.filter((_, index) => found[index] === ids)
}

/** Notes who has the network card and each virtual function it has; gives the card and those. */
async function functions(what: string): Promise<{ physical: string; virtual: string[] }> {
  const [[physical = ''], virtual] = await Promise.all([withIds(NETWORK_CARD), withIds(VIRTUAL)])
  const drivers = await Promise.all([physical, ...virtual].map(driverOf))
  await note(what, { card: await driverOf(CARD), physical: drivers[0], virtual: drivers.slice(1) })
  return { physical, virtual }
}

/** The unit that makes virtual functions waits for their card's driver. */
async function untilMade(): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const state = ['show', '--property=ActiveState', '--value', 'passthrough-studio-virtual-functions.service']
    const { stdout } = await execa('systemctl', state)
    if (['active', 'failed'].includes(stdout.trim())) return
    await sleep(1000)
  }
}

async function prove(what: string): Promise<void> {
  const { exitCode, stdout } = await studio('vm', 'prove', '--json')
  await note(what, { exitCode, report: stdout })
}

/** Two are made, one of them is reserved and goes to a VM beside its card. */
async function made(): Promise<void> {
  const { physical } = await functions('start')
  const virtualFunctions = [{ address: physical, count: 2 }]
  await studio('plan', 'cards', '--choice', JSON.stringify({ units: [], virtualFunctions }))
  await note('make', (await studio('apply', 'cards')).exitCode)
  const { virtual } = await functions('made')
  const [first] = virtual
  if (first === undefined) throw new Error('no virtual function was made')
  const units = [CARD, first].map((address) => ({ address, when: 'boot' }))
  await studio('plan', 'cards', '--choice', JSON.stringify({ units }))
  await note('hold', (await studio('apply', 'cards')).exitCode)
  await note('bind', (await studio('apply', 'bind', '--confirm', CARD.slice(5))).exitCode)
  await functions('bound')
  const machine = JSON.stringify({ memoryMiB: 256, extraDevices: [first], ...DARK })
  await note('definition', (await studio('apply', 'definition', '--choice', machine)).exitCode)
  await prove('proven')
  await reboot()
}

/** All of it is there again, the VM too; undo gives everything back. */
async function again(): Promise<void> {
  await untilMade()
  await functions('rebooted')
  await note('doctor', (await studio('doctor')).stdout)
  await prove('proven again')
  await note('undo', (await studio('undo', '--all')).exitCode)
  await functions('undone')
  await compare('after everything')
}

const BOOTS = [() => prepareBoot(remember), made, again]
await BOOTS[Number(argv[2] ?? '1') - 1]?.()
