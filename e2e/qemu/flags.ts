/** Options of those used here that stand alone. */
const ALONE = new Set(['-nodefaults', '-no-user-config', '-S', '-no-reboot'])
/** Options whose value is text, no list of properties. */
const TEXT = new Set(['-append', '-kernel', '-initrd'])
/** Options whose value begins with what is made. */
const MAKES = new Set(['-device', '-object', '-netdev', '-chardev', '-audiodev', '-tpmdev'])

/**
 * Flags and properties of an argument array, e.g. `-device vfio-pci` and `-device vfio-pci host=`. A comma that is
 * part of a value is written twice and ends nothing.
 */
export function flagsOf(argv: readonly string[]): string[] {
  const found: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const option = argv[index] ?? ''
    if (ALONE.has(option)) found.push(option)
    else {
      index += 1
      found.push(...flagsOfOption(option, argv[index] ?? ''))
    }
  }
  return [...new Set(found)]
}

function flagsOfOption(option: string, value: string): string[] {
  const parts = value.replaceAll(',,', '').split(',')
  const head = MAKES.has(option) ? `${option} ${parts[0] ?? ''}` : option
  if (TEXT.has(option)) return [head]
  const properties = parts.filter((part) => part.includes('=')).map((part) => `${head} ${part.split('=')[0] ?? ''}=`)
  return [head, ...properties]
}

/** Flags that a table in Markdown explains: code spans of each row's first cell, properties after what they belong to. */
export function flagsInTables(markdown: string): string[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| `-'))
  return rows.flatMap((row) => {
    const spans = [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/gu)].map((match) => match[1] ?? '')
    const [head = '', ...properties] = spans
    return [head, ...properties.map((name) => `${head} ${name}`)]
  })
}
