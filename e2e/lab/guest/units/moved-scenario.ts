import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { argv } from 'node:process'
import { programAsRoot } from '../designer.ts'
import { driverOf, note } from '../evidence.ts'
import { DARK, prepareBoot, reboot, studio } from '../verbs.ts'

const DEVICES = '/sys/bus/pci/devices'
/** The root port of the card that is reserved, wherever the buses begin. */
const PORT = '0000:00:11.0'
/** Virtio's display: all equal cards of this machine are one. */
const IDS = '0x1af4 0x1050'

/** Where each of the equal cards is and who has it, by its root port. */
async function equalCards(): Promise<Record<string, { address: string; driver: string }>> {
  const found: Record<string, { address: string; driver: string }> = {}
  for (const address of await readdir(DEVICES)) {
    const at = join(DEVICES, address)
    const [vendor, device] = await Promise.all(['vendor', 'device'].map((name) => readFile(join(at, name), 'utf8')))
    if (`${vendor?.trim() ?? ''} ${device?.trim() ?? ''}` !== IDS) continue
    const port = basename(join(await realpath(at), '..'))
    found[port] = { address, driver: await driverOf(address) }
  }
  return found
}

async function cards(what: string): Promise<string> {
  const found = await equalCards()
  await note(what, found)
  return found[PORT]?.address ?? ''
}

/** Reserves the card at each boot and gives it to the VM. */
async function reserve(what: string, address: string): Promise<void> {
  await studio('plan', 'cards', '--choice', JSON.stringify({ units: [{ address, when: 'boot' }] }))
  await note(`${what}: bind`, (await studio('apply', 'bind')).exitCode)
  const machine = JSON.stringify({ memoryMiB: 256, cards: [address], ...DARK })
  await note(`${what}: definition`, (await studio('apply', 'definition', '--choice', machine)).exitCode)
  await cards(what)
}

/** One of the two is reserved, and a guest proves it. */
async function reserved(): Promise<void> {
  await reserve('reserved', await cards('start'))
  const { exitCode, stdout } = await studio('vm', 'prove', '--json')
  await note('proven', { exitCode, report: stdout })
  await reboot()
}

async function rebooted(): Promise<void> {
  await cards('rebooted')
}

/** What the program says after a move, to whom the choices are and to root, who goes by the journal; and that it acts on nothing. */
async function looked(what: string): Promise<string> {
  const address = await cards(what)
  for (const verb of ['doctor', 'health']) await note(`${what}: ${verb}`, (await studio(verb)).stdout)
  for (const step of ['cards', 'bind'])
    await note(`${what}: plan ${step}`, (await studio('plan', step, '--json')).stdout)
  await note(`${what}: apply bind`, (await studio('apply', 'bind')).exitCode)
  const start = await studio('vm', 'start')
  await note(`${what}: start`, { exitCode: start.exitCode, stderr: start.stderr })
  await note(`${what}: root plan bind`, (await programAsRoot('plan', 'bind', '--json')).stdout)
  await note(`${what}: root doctor`, (await programAsRoot('doctor')).stdout)
  await cards(`${what}: after`)
  return address
}

/** A card was added before them: buses shift, the way to ours does not. */
async function busMoved(): Promise<void> {
  await reserve('followed', await looked('bus moved'))
  await reboot()
}

async function followed(): Promise<void> {
  await cards('followed and rebooted')
}

/** Ours hangs on another port, and its twin is at its address. */
async function wayMoved(): Promise<void> {
  await looked('way moved')
  const { exitCode, stdout } = await studio('undo', '--all')
  await note('undo', { exitCode, stdout })
  await cards('undone')
}

const BOOTS = [prepareBoot, reserved, rebooted, busMoved, followed, wayMoved]
await BOOTS[Number(argv[2] ?? '1') - 1]?.()
