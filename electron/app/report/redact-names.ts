import type { Recording } from '#host/recorded/recording.ts'
import type { Placeholders } from './redact-placeholders.ts'

/**
 * Names that are also words of the system: replaced where they name the host or the account, and left alone
 * elsewhere, because "debian" in a boot menu or "sound" in a path says nothing of a person.
 */
const WORDS = new Set(
  'root admin user guest test localhost linux debian ubuntu fedora centos arch nixos suse opensuse server desktop laptop host home boot data media audio video kvm qemu vfio vm start intel amd nvidia'.split(
    ' ',
  ),
)

/** Words of the kernel's own paths: a person may be called like one, the path stays as it is. */
function pathWords(recording: Recording): Set<string> {
  const paths = Object.keys({ ...recording.files, ...recording.dirs, ...recording.links })
  const system = paths.filter((path) => /^\/(?:sys|proc|lib)\//u.test(path))
  return new Set(system.flatMap((path) => path.toLowerCase().split(/[/.:_-]/u)))
}

const HOSTNAME_FILES = ['/proc/sys/kernel/hostname', '/etc/hostname']

/** A function that replaces the names of this host and of its people, in any text. */
export function namesIn(recording: Recording, placeholders: Placeholders): (text: string) => string {
  const pairs = [
    ...hostNames(recording, placeholders),
    ...people(recording, placeholders),
    ...atHome(recording, placeholders),
  ]
  const longestFirst = pairs.filter(([name]) => name.length > 1).sort(([a], [b]) => b.length - a.length)
  const taken = pathWords(recording)
  const free = (name: string) => !WORDS.has(name) && !taken.has(name)
  const elsewhere = longestFirst.filter(([name]) => free(name.toLowerCase()))
  const patterns = elsewhere.map(([name, placeholder]) => ({ pattern: bounded(name), placeholder }))
  const alone = new Map(longestFirst)
  return (text) => {
    const whole = alone.get(text.trim())
    if (whole !== undefined) return text.replace(text.trim(), whole)
    const named = patterns.reduce((result, { pattern, placeholder }) => result.replaceAll(pattern, placeholder), text)
    return named.replaceAll(/\/home\/([^/\s:"',]+)/gu, (all, name: string) =>
      /^user\d+$/u.test(name) ? all : `/home/${placeholders.for('user', name)}`,
    )
  }
}

function textOf(recording: Recording, path: string): string {
  const value = recording.files[path]
  return typeof value === 'string' ? value : ''
}

/** The full name and its first label, each also as device mapper writes it, with hyphens doubled. */
function hostNames(recording: Recording, placeholders: Placeholders): [string, string][] {
  const full = HOSTNAME_FILES.map((path) => textOf(recording, path).trim()).filter((name) => name !== '')
  return full.flatMap((name) => {
    const placeholder = placeholders.for('host', name.split('.')[0] ?? name)
    return withMapperForm(name, placeholder).concat(withMapperForm(name.split('.')[0] ?? name, placeholder))
  })
}

function withMapperForm(name: string, placeholder: string): [string, string][] {
  const mapped = name.replaceAll('-', '--')
  return mapped === name
    ? [[name, placeholder]]
    : [
        [name, placeholder],
        [mapped, placeholder],
      ]
}

/** Accounts of people (uid 1000 to 59999), their home directories and full names. */
function people(recording: Recording, placeholders: Placeholders): [string, string][] {
  const rows = textOf(recording, '/etc/passwd')
    .split('\n')
    .map((row) => row.split(':'))
    .filter((row) => Number(row[2]) >= 1000 && Number(row[2]) < 60_000)
  return rows.flatMap((row): [string, string][] => {
    const [name = '', , , , comment = '', home = ''] = row
    const placeholder = placeholders.for('user', name)
    const fullName = comment.split(',')[0]?.trim() ?? ''
    const pairs: [string, string][] = [
      [name, placeholder],
      [fullName.includes(' ') ? fullName : '', placeholder],
      [home, `/home/${placeholder}`],
    ]
    return pairs
  })
}

/** Whoever has a home directory in some text: accounts of a directory service are not in passwd. */
function atHome(recording: Recording, placeholders: Placeholders): [string, string][] {
  const texts = [...Object.values(recording.files), ...Object.keys(recording.files), JSON.stringify(recording.saved)]
  const found = texts.flatMap((text) =>
    typeof text === 'string'
      ? Array.from(text.matchAll(/\/home\/([\w@-]+(?:\.[\w@-]+)*)/gu), ([, name = '']) => name)
      : [],
  )
  return [...new Set(found)].map((name) => [name, placeholders.for('user', name)])
}

/** The name where it is not part of a longer word; the words of a full name however they are joined. */
function bounded(name: string): RegExp {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&').replaceAll(' ', '[\\s._-]*')
  return new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`, 'giu')
}
