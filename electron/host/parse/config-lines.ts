/** Lines of a configuration file without comments and blank ones; a backslash at the end joins two (modprobe.d(5)). */
export function configLines(text: string): string[] {
  return text
    .replaceAll(/\\\n/gu, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Module names are equal with `-` and `_` (modprobe(8)). */
function plainName(name: string): string {
  return name.replaceAll('-', '_')
}

/** Returns whether a line names one of these modules, or anything of VFIO, as a word of its own. */
export function namesModule(line: string, modules: ReadonlySet<string>): boolean {
  if (/vfio/iu.test(line)) return true
  return line.split(/[^\w-]+/u).some((word) => modules.has(plainName(word)))
}

/** Drivers in use and modules that could be, as `lspci -k` prints them; all names with `_`. */
export function lspciModules(text: string): Set<string> {
  const names = [...text.matchAll(/^\s+Kernel (?:driver in use|modules): (.*)$/gmu)].flatMap((match) =>
    (match[1] ?? '').split(/,\s*/u),
  )
  return new Set(names.map((name) => plainName(name.trim())))
}

/** What moves a device between drivers (kernel ABI sysfs-bus-pci; virsh(1)), and addresses of PCI in both spellings. */
const MOVES =
  /vfio|driver_override|nodedev-(?:dett?ach|reattach)|\bunbind\b|\bnew_id\b|drivers_probe|(?<![0-9a-z])[0-9a-f]{2}[:_][0-9a-f]{2}[._][0-7](?![0-9a-z])/iu

/** Lines of a script that move devices between drivers, or name one. */
export function movingLines(text: string): string[] {
  return configLines(text).filter((line) => MOVES.test(line))
}
