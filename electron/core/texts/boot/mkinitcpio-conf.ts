/** vfio-pci first, so that it is there before any graphics driver in the list (mkinitcpio.conf(5), MODULES). */
export const MODULES = 'vfio_pci vfio vfio_iommu_type1'

/** Puts the modules behind the opening bracket of the last `MODULES=(`; a missing variable is added. */
export function withModules(text: string): string {
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => /^\s*MODULES=\(/u.test(line))
  const line = lines[index]
  if (line === undefined) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}MODULES=(${MODULES})\n`
  if (/\bvfio[-_]pci\b/u.test(lines.slice(index).join('\n').split(')')[0] ?? '')) return text
  const cut = line.indexOf('(') + 1
  const rest = line.slice(cut)
  lines[index] = `${line.slice(0, cut)}${MODULES}${/^[\s)]|^$/u.test(rest) ? '' : ' '}${rest}`
  return lines.join('\n')
}

/** Name of our hook, which early binding is done by where the initramfs has no systemd. */
export const HOOK = 'passthrough-studio'

/** Puts our hook last into the last `HOOKS=(`, before its closing bracket; a missing variable is added to. */
export function withHook(text: string): string {
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => /^\s*HOOKS=\(/u.test(line))
  const end = index === -1 ? -1 : lines.findIndex((line, at) => at >= index && bracketIn(line) !== -1)
  if (isAdded(lines)) return text
  if (end === -1) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}HOOKS+=(${HOOK})\n`
  const array = lines
    .slice(index, end + 1)
    .map(withoutComment)
    .join(' ')
  if (new RegExp(`[\\s("']${HOOK}[\\s)"']`, 'u').test(array)) return text
  const line = lines[end] ?? ''
  const cut = bracketIn(line)
  lines[end] =
    `${line.slice(0, cut)}${/[\s(]$/u.test(line.slice(0, cut)) || cut === 0 ? '' : ' '}${HOOK}${line.slice(cut)}`
  return lines.join('\n')
}

/** The line that this function adds where there is no array. */
function isAdded(lines: readonly string[]): boolean {
  return lines.includes(`HOOKS+=(${HOOK})`)
}

function bracketIn(line: string): number {
  return withoutComment(line).indexOf(')')
}

/** A comment begins with a `#` at the beginning of a word. */
function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/u, '$1')
}
