import type { Host } from '#host/host.ts'
import { configLines, lspciModules, namesModule } from '#host/parse/config-lines.ts'
import { listNames, readText } from '#host/read.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'

type DriverRules = Facts['driverRules']

/** A file in an earlier directory replaces one of the same name in a later one (modprobe.d(5), modules-load.d(5)). */
const MODPROBE = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((place) => `${place}/modprobe.d`)
const MODULES_LOAD = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((place) => `${place}/modules-load.d`)
/** Read whole, each for itself. */
const OTHERS = [
  ['/etc/dracut.conf.d'],
  ['/etc/mkinitcpio.conf.d'],
  // driverctl keeps one file for each device, named by its address, with the driver in it.
  ['/etc/driverctl.d'],
  ['/etc/udev/rules.d'],
]
const FILES = ['/etc/modules', '/etc/initramfs-tools/modules', '/etc/dracut.conf', '/etc/mkinitcpio.conf']

/**
 * Gathers every line of configuration that may decide which driver takes a function at boot, as far as it names VFIO, a
 * driver in use, a module lspci names, or a device. Most of what distributions ship there is about other things.
 */
export async function gatherDriverRules(host: Host, lspci: string): Promise<DriverRules> {
  const modules = lspciModules(lspci)
  const rules: DriverRules = { lines: [], unread: [] }
  const found = await Promise.all([MODPROBE, MODULES_LOAD, ...OTHERS].map((places) => filesIn(host, places)))
  rules.unread.push(...found.flatMap(({ unread }) => unread))
  const paths = [...found.flatMap((each) => each.paths), ...FILES]
  const texts = await Promise.all(paths.map((path) => readText(host, path)))
  texts.forEach((text, index) => {
    const source = paths[index] ?? ''
    if (isUnknown(text)) rules.unread.push(source)
    else if (text !== null) rules.lines.push(...linesOf(source, text, modules))
  })
  return rules
}

async function filesIn(host: Host, places: readonly string[]): Promise<{ paths: string[]; unread: string[] }> {
  const byName = new Map<string, string>()
  const unread: string[] = []
  for (const place of places) {
    const names = await listNames(host, place)
    if (isUnknown(names)) unread.push(place)
    else names.filter((name) => !byName.has(name)).forEach((name) => byName.set(name, `${place}/${name}`))
  }
  return { paths: [...byName.values()].filter(isRead), unread }
}

/** Tools read `*.conf` and `*.rules` only; driverctl's files have no ending. */
function isRead(path: string): boolean {
  return path.startsWith('/etc/driverctl.d/') || /\.(conf|rules)$/u.test(path)
}

function linesOf(source: string, text: string, modules: ReadonlySet<string>): DriverRules['lines'] {
  const all = source.startsWith('/etc/driverctl.d/')
  const kept = configLines(text).filter((line) => all || /driver_override/u.test(line) || namesModule(line, modules))
  return kept.map((line) => ({ source, line }))
}
