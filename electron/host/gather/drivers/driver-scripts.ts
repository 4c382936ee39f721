import type { Host } from '#host/host.ts'
import { movingLines } from '#host/parse/config-lines.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { readText } from '#host/read.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { ListResult } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { type DriverScripts, OVERRIDE_SCRIPT } from '#shared/facts/driver-scripts.ts'
import type { Facts } from '#shared/facts/facts.ts'

/** Where guides have scripts put: ahead of udev in the initramfs of either kind, and around VMs of libvirt. */
const PLACES = [
  '/etc/initramfs-tools/scripts/init-top',
  '/etc/initramfs-tools/scripts/init-premount',
  '/etc/initcpio/hooks',
  '/etc/libvirt/hooks',
]
/** libvirt's hooks lie at most in qemu.d/VM/OPERATION/SUB-OPERATION of its directory, by the common dispatcher. */
const DEPTH = 5
const MOST_FILES = 64
const MOST_LINES = 200
const LONGEST = 300

const OURS = new Set<string>(Object.values(OWN_FILES))

/** Gathers the lines of scripts that move devices between drivers; `driverRules` may name one that modprobe runs. */
export async function gatherDriverScripts(host: Host, { lines: rules }: Facts['driverRules']): Promise<DriverScripts> {
  const found: DriverScripts = { lines: [], unread: [], cut: false }
  const below = await Promise.all(PLACES.map((place) => filesBelow(host, place, DEPTH, found)))
  const all = [...below.flat(), ...namedByModprobe(rules)].filter((path) => !OURS.has(path))
  const paths = [...new Set(all)].slice(0, MOST_FILES)
  const texts = await Promise.all(paths.map((path) => beforeRecorded(() => readText(host, path), null)))
  const lines = texts.flatMap((text, index) => {
    const source = paths[index] ?? ''
    if (isUnknown(text)) found.unread.push({ source, why: text.unknown })
    return text === null || isUnknown(text) ? [] : movingLines(text).map((line) => ({ source, line: short(line) }))
  })
  return { ...found, lines: lines.slice(0, MOST_LINES), cut: all.length > MOST_FILES || lines.length > MOST_LINES }
}

/** Returns a file, or those below a directory, as far as they can be listed; a file has no names, as one that is absent. */
async function filesBelow(host: Host, path: string, depth: number, found: DriverScripts): Promise<string[]> {
  const listed = await beforeRecorded<ListResult>(() => host.list(path), { kind: 'absent' })
  if (listed.kind === 'absent') return [path]
  if (listed.kind === 'denied') found.unread.push({ source: path, why: listed.why })
  if (listed.kind === 'denied' || depth === 0) return []
  const children = listed.names.slice(0, MOST_FILES).map((name) => `${path}/${name}`)
  return (await Promise.all(children.map((child) => filesBelow(host, child, depth - 1, found)))).flat()
}

/** Returns scripts that `install vfio-pci` lines name (modprobe.d(5)). */
function namedByModprobe(rules: Facts['driverRules']['lines']): string[] {
  return rules.flatMap(({ line }) => {
    const [verb, module = '', ...words] = line.split(/\s+/u)
    if (verb !== 'install' || !/^vfio[-_]pci$/u.test(module)) return []
    return words.map((word) => word.replace(/[;&]+$/u, '')).filter((word) => OVERRIDE_SCRIPT.test(word))
  })
}

function short(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
