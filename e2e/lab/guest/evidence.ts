import { createHash } from 'node:crypto'
import { appendFile, lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

const SHARE = '/mnt/share'
const DEVICES = '/sys/bus/pci/devices'

/** Changed by systemd, or its boot loader, itself at any boot, not by anything the product does. */
const NOT_OURS = new Set(['/etc/machine-id', '/etc/mtab', '/etc/ld.so.cache', '/boot/efi/loader/random-seed'])

/** Everything undo has to bring back: bytes, mode and owner below /etc and /boot, and who holds each function. */
export async function hostState(): Promise<Record<string, string>> {
  const state: Record<string, string> = {}
  for (const root of ['/etc', '/boot']) await addTree(root, state)
  for (const address of await readdir(DEVICES)) {
    const driver = await readlink(join(DEVICES, address, 'driver')).catch(() => 'none')
    const override = await readFile(join(DEVICES, address, 'driver_override'), 'utf8').catch(() => '')
    state[`driver ${address}`] = `${driver.split('/').at(-1) ?? ''} override ${override.trim()}`
  }
  return state
}

async function addTree(path: string, state: Record<string, string>): Promise<void> {
  if (NOT_OURS.has(path)) return
  const info = await lstat(path)
  const owner = `${(info.mode & 0o7777).toString(8)} ${info.uid}:${info.gid}`
  if (info.isDirectory()) {
    state[path] = `directory ${owner}`
    for (const name of await readdir(path)) await addTree(join(path, name), state)
  } else if (info.isSymbolicLink()) {
    state[path] = `link ${await readlink(path)}`
  } else {
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    state[path] = `${digest} ${owner}`
  }
}

/** What differs between two states, one line each. */
export function differences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys]
    .filter((key) => before[key] !== after[key])
    .map((key) => `${key}: ${before[key] ?? 'absent'} -> ${after[key] ?? 'absent'}`)
}

/** One observation, kept for the test outside: a line of JSON in the share. */
export async function note(what: string, value: unknown): Promise<void> {
  console.log(`${new Date().toISOString()} ${what}: ${JSON.stringify(value).slice(0, 2000)}`)
  await appendFile(join(SHARE, 'notes.jsonl'), `${JSON.stringify({ what, value })}\n`)
}

export async function driverOf(address: string): Promise<string> {
  return (await readlink(join(DEVICES, address, 'driver')).catch(() => 'none')).split('/').at(-1) ?? 'none'
}

export async function groupCount(): Promise<number> {
  return (await readdir('/sys/kernel/iommu_groups').catch(() => [])).length
}
