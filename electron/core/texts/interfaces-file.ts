/** One `iface` stanza of interfaces(5): where its first line is, its words, and its options. */
export interface Stanza {
  line: number
  family: string
  method: string
  options: string[]
}

export type UplinkStanzas = { kind: 'stanzas'; list: Stanza[] } | { kind: 'refused'; why: string }

/** Words that end a stanza (interfaces(5)). */
const KEYWORD = /^\s*(iface|mapping|auto|allow-\S+|no-auto-down|no-scripts|source|source-directory|rename|template)\s/u
/** Options that belong to the addresses and move to the bridge with them. Anything else may do anything. */
const MOVABLE =
  /^(address|netmask|broadcast|network|gateway|metric|pointopoint|hostname|leasehours|leasetime|client|dns-\S+|accept_ra|autoconf|privext|scope|preferred-lifetime)$/u
const METHODS = new Set(['inet static', 'inet dhcp', 'inet6 static', 'inet6 auto', 'inet6 dhcp'])

/** `iface NAME FAMILY METHOD` and nothing behind it, with its blanks. */
function ifaceLine(link: string): RegExp {
  return new RegExp(`^(\\s*iface\\s+${link}\\s+)(\\S+)(\\s+)(\\S+)(\\s*)$`, 'u')
}

/** Returns the stanzas of one link in an interfaces file, or why they are not ones to be moved. */
export function uplinkStanzas(text: string, link: string): UplinkStanzas {
  const lines = text.split('\n')
  const list: Stanza[] = []
  for (const [index, line] of lines.entries()) {
    if (!new RegExp(`^\\s*iface\\s+${link}\\s`, 'u').test(line)) continue
    const [, , family = '', , method = ''] = ifaceLine(link).exec(line) ?? []
    if (!METHODS.has(`${family} ${method}`)) return { kind: 'refused', why: `"${line.trim()}" is of a form not known` }
    const options = optionsAfter(lines, index)
    const strange = options.find((option) => !MOVABLE.test(option.split(/\s+/u)[0] ?? '') || option.endsWith('\\'))
    if (strange !== undefined) return { kind: 'refused', why: `its stanza has the option "${strange}"` }
    list.push({ line: index, family, method, options })
  }
  return list.length > 0 ? { kind: 'stanzas', list } : { kind: 'refused', why: 'it has no stanza' }
}

function optionsAfter(lines: readonly string[], index: number): string[] {
  const end = lines.findIndex((line, at) => at > index && KEYWORD.test(line))
  const body = lines.slice(index + 1, end < 0 ? lines.length : end)
  return body.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

/**
 * Returns the file with the link's stanzas made manual: the method's word is replaced on its `iface` lines, every other
 * byte stays. Options left behind are ignored by the manual method.
 */
export function withManualUplink(text: string, link: string): string {
  const pattern = ifaceLine(link)
  return text
    .split('\n')
    .map((line) =>
      line.replace(
        pattern,
        (_all, head: string, family: string, gap: string, _method, tail: string) =>
          `${head}${family}${gap}manual${tail}`,
      ),
    )
    .join('\n')
}

/** Returns whether `source` or `source-directory` takes in the files of /etc/network/interfaces.d. */
export function readsDirectory(text: string): boolean {
  return /^\s*(source\s+(\/etc\/network\/)?interfaces\.d\/\*|source-directory\s+(\/etc\/network\/)?interfaces\.d\/?)\s*$/mu.test(
    text,
  )
}
