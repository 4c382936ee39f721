import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { argv } from 'node:process'
import { driverOf, note } from '../evidence.ts'
import { DARK, prepareBoot, reboot, studio } from '../verbs.ts'

const DEVICES = '/sys/bus/pci/devices'
const CARD = '0000:01:00.0'

/** The second card and the disk, wherever this boot put them. */
async function cast(): Promise<{ other: string; nvme: string }> {
  const addresses = await readdir(DEVICES)
  const ids = await Promise.all(
    addresses.map(async (at) => {
      const [vendor, code] = await Promise.all(
        ['vendor', 'class'].map((name) => readFile(join(DEVICES, at, name), 'utf8')),
      )
      return { at, vendor: vendor?.trim() ?? '', code: code?.trim() ?? '' }
    }),
  )
  return {
    other: ids.find(({ vendor, code }) => vendor === '0x1af4' && code.startsWith('0x03'))?.at ?? '',
    nvme: ids.find(({ code }) => code.startsWith('0x0108'))?.at ?? '',
  }
}

async function drivers(what: string): Promise<void> {
  const { other, nvme } = await cast()
  const [card, sound, second, disk] = await Promise.all([CARD, CARD.replace(/0$/u, '1'), other, nvme].map(driverOf))
  await note(what, { card, sound, second, disk })
}

function reserved(...addresses: string[]): string {
  return JSON.stringify({ units: addresses.map((address) => ({ address, when: 'boot' })) })
}

/** Two VMs with a card each, the first with the disk besides; both are up at a time. */
async function firstBoot(): Promise<void> {
  const { other, nvme } = await cast()
  await drivers('start')
  await note('reserve', (await studio('plan', 'cards', '--choice', reserved(CARD, other, nvme))).exitCode)
  await note('bind', (await studio('apply', 'bind', '--confirm', CARD.slice(5))).exitCode)
  await drivers('bound')
  const small = { memoryMiB: 256, ...DARK }
  const first = JSON.stringify({ ...small, name: 'first', extraDevices: [nvme] })
  await note('first', (await studio('apply', 'definition', '--choice', first)).exitCode)
  // Under another name a VM keeps its card, unless another is named.
  const second = JSON.stringify({ ...small, name: 'second', cards: [other], extraDevices: [] })
  await note('second', (await studio('apply', 'definition', '--choice', second)).exitCode)
  for (const name of ['second', 'first']) {
    const { exitCode, stdout } = await studio('vm', 'start', name, '--json')
    await note(`started ${name}`, { exitCode, report: stdout })
  }
  await note('both', (await studio('vm', 'list', '--json')).stdout)
  for (const name of ['second', 'first']) await studio('vm', 'stop', name)
  await reboot()
}

/** All of it is bound again; the second card is dropped, and only that one is the host's. */
async function secondBoot(): Promise<void> {
  const { nvme } = await cast()
  await drivers('rebooted')
  await studio('plan', 'cards', '--choice', reserved(CARD, nvme))
  await note('drop', (await studio('apply', 'bind')).exitCode)
  await drivers('dropped')
  await reboot()
}

/** What was dropped stays the host's; undo gives back the rest. */
async function thirdBoot(): Promise<void> {
  await drivers('rebooted without')
  await note('undo', (await studio('undo', '--all')).exitCode)
  await drivers('undone')
}

const BOOTS = [prepareBoot, firstBoot, secondBoot, thirdBoot]
await BOOTS[Number(argv[2] ?? '1') - 1]?.()
