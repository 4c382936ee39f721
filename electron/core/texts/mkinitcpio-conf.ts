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
