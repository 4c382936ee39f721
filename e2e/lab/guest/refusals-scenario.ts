import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { program, programAsRoot } from './designer.ts'
import { driverOf, note } from './evidence.ts'
import { allowAll, reservedNow } from './verbs.ts'

const DEVICES = '/sys/bus/pci/devices'

async function studio(what: string, ...args: string[]): Promise<void> {
  const { exitCode = -1, stdout, stderr } = await program(...args)
  await note(what, { exitCode, stdout, stderr })
}

/** Only root may open the group's node before a VM's user has it, so only root sees it opened through VFIO. */
async function asRoot(what: string, ...args: string[]): Promise<void> {
  const { exitCode = -1, stdout, stderr } = await programAsRoot(...args)
  await note(what, { exitCode, stdout, stderr })
}

async function ofClass(code: string): Promise<string[]> {
  const addresses = await readdir(DEVICES)
  const classes = await Promise.all(addresses.map((address) => readFile(join(DEVICES, address, 'class'), 'utf8')))
  return addresses.filter((_, index) => classes[index]?.startsWith(code))
}

async function groupOf(address: string): Promise<string> {
  return (await readlink(join(DEVICES, address, 'iommu_group'))).split('/').at(-1) ?? ''
}

async function drivers(what: string, addresses: readonly string[]): Promise<void> {
  await note(
    what,
    Object.fromEntries(await Promise.all(addresses.map(async (at) => [at, await driverOf(at)] as const))),
  )
}

/** A card that shares its group with the NVMe, and two more of the same make in groups of their own. */
async function cast(): Promise<{ nvme: string; sharing: string; twins: string[] }> {
  const [nvme = ''] = await ofClass('0x0108')
  const shared = await groupOf(nvme)
  const displays = await ofClass('0x0380')
  const groups = await Promise.all(displays.map(groupOf))
  const sharing = displays.find((_, index) => groups[index] === shared) ?? ''
  return { nvme, sharing, twins: displays.filter((address) => address !== sharing) }
}

/** Holds the card's node open as an ordinary user would, until it is killed. */
async function holdCard(address: string): Promise<() => Promise<void>> {
  const [node = ''] = (await readdir(join(DEVICES, address, 'drm'))).filter((name) => name.startsWith('card'))
  const fd = openSync(`/dev/dri/${node}`, 'r+')
  const child = spawn('sleep', ['600'], { uid: 1000, gid: 1000, stdio: ['ignore', 'ignore', 'ignore', fd] })
  // Else this very process would hold the card too.
  closeSync(fd)
  await note('holder', { pid: child.pid, node: `/dev/dri/${node}` })
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

const { nvme, sharing, twins } = await cast()
const [chosen = '', other = ''] = twins
const all = [nvme, sharing, chosen, other]
await note('cast', { nvme, sharing, chosen, other })
await mkdir('/mnt/data', { recursive: true })
await execa('mount', ['/dev/nvme0n1', '/mnt/data'])
await execa('modprobe', ['vfio-pci'])
await drivers('start', all)
await allowAll()
await studio('facts', 'facts', '--json')

await studio('choose sharing', 'plan', 'cards', '--choice', reservedNow(sharing))
await studio('bind sharing', 'apply', 'bind')
await drivers('after sharing', all)

await studio('choose twin', 'plan', 'cards', '--choice', reservedNow(chosen))
const release = await holdCard(chosen)
await studio('bind held', 'apply', 'bind', '--confirm', chosen.slice(5))
await drivers('after held', all)
await release()

await asRoot('choose as root', 'plan', 'cards', '--choice', reservedNow(chosen))
await asRoot('bind twin', 'apply', 'bind', '--confirm', chosen.slice(5))
await drivers('after twin', all)
await asRoot('facts bound', 'facts', '--json')
await studio('undo', 'undo', '--all')
await drivers('after undo', all)
