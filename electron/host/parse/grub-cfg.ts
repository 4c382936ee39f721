import { isUnknown, unknownBecause, type UnknownFact } from '#shared/base/unknown.ts'
import type { BootEntry } from '#shared/facts/boot/boot-loader.ts'
import { blscfgOrder, type EntryFile, parsed } from './entry-order.ts'

/** A generated grub.cfg, the environment block beside it, and the entry files its `blscfg` command reads. */
export interface GrubMenu {
  path: string
  text: string
  env: Readonly<Record<string, string>>
  entries: readonly EntryFile[]
}

interface Item {
  title: string
  id: string
  submenu: boolean
  lines: string[]
  children: Item[]
  /** The file a blscfg entry comes from; null: the entry stands in grub.cfg itself. */
  file: EntryFile | null
}

/** GRUB's environment block: `name=value` lines, padded with `#` (grub-editenv). */
export function parseGrubEnv(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const equals = line.indexOf('=')
    return line.startsWith('#') || equals < 1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]]
  })
  return Object.fromEntries(pairs)
}

/** Returns the entry GRUB boots when nobody touches the menu: by number, title or id, through submenus and blscfg. */
export function defaultGrubEntry(menu: GrubMenu): BootEntry | UnknownFact {
  const items = itemsOf(menu)
  const wanted = defaultExpression(menu)
  const named = wanted === '' ? null : find(items, wanted.split('>'))
  const item = named ?? items[0]
  if (item === undefined) return unknownBecause(`${menu.path} has no menu entry`)
  if (item.submenu) return unknownBecause(`${menu.path} boots a submenu by default`)
  const chosenBy = named === null || /^\d+$/u.test(wanted) ? 'order' : 'name'
  const entry = read(item, menu)
  return isUnknown(entry) ? entry : { ...entry, chosenBy }
}

/** Returns what `set default=` ends up with; next_entry counts for one boot only and is passed over. */
function defaultExpression({ text, env }: GrubMenu): string {
  const values = [...text.matchAll(/^\s*set default=(?:"([^"\n]*)"|(\S*))\s*$/gmu)].map((match) => match[1] ?? match[2])
  const last = values.filter((value) => value !== '${next_entry}').at(-1) ?? ''
  return last === '${saved_entry}' ? (env['saved_entry'] ?? '') : last
}

function find(items: readonly Item[], path: readonly string[]): Item | null {
  const [head = '', ...rest] = path
  const item = /^\d+$/u.test(head)
    ? items[Number(head)]
    : items.find((candidate) => candidate.title === head || candidate.id === head)
  if (item === undefined) return null
  return rest.length === 0 ? item : find(item.children, rest)
}

const HEADER = /^(menuentry|submenu)\s+(?:'([^']*)'|"([^"]*)"|(\S+))/u
const ID = /(?:\$\{?menuentry_id_option\}?|--id)[ =]['"]?([^'"\s]+)['"]?/u

/** Returns the top level of the menu. Blocks open with a line that ends in `{` and close with `}` alone. */
function itemsOf(menu: GrubMenu): Item[] {
  const root: Item[] = []
  const open: (Item | null)[] = []
  for (const line of menu.text.split('\n')) {
    const word = line.trim()
    if (word === 'blscfg' && open.length === 0) root.push(...blsItems(menu))
    if (word.endsWith('{')) open.push(opened(word, open, root))
    for (const block of open) block?.lines.push(line)
    if (word === '}') open.pop()
  }
  return root
}

/**
 * Opens the entry or submenu that a line begins, put where it belongs; null for any other block, such as a function.
 */
function opened(word: string, open: readonly (Item | null)[], root: Item[]): Item | null {
  if (!HEADER.test(word)) return null
  const item = headed(word)
  const around = open.findLast((candidate): candidate is Item => candidate !== null)
  ;(around === undefined ? root : around.children).push(item)
  return item
}

function headed(word: string): Item {
  const [, kind, single, double, bare] = HEADER.exec(word) ?? []
  const title = single ?? double ?? bare ?? ''
  return { title, id: ID.exec(word)?.[1] ?? '', submenu: kind === 'submenu', lines: [], children: [], file: null }
}

function blsItems(menu: GrubMenu): Item[] {
  return blscfgOrder(parsed(menu.entries)).map(({ entry, path, text }) => {
    return { title: entry.title, id: entry.id, submenu: false, lines: [], children: [], file: { path, text } }
  })
}

function read(item: Item, menu: GrubMenu): Omit<BootEntry, 'chosenBy'> | UnknownFact {
  const { title, file } = item
  if (file !== null) {
    const options = parsed([file])[0]?.entry.options ?? ''
    return { title, cmdline: expand(options, menu), source: file.path, text: file.text }
  }
  const linux = item.lines
    .map((line) => /^\s*linux(?:16|efi)?\s+\S+\s*(.*)$/u.exec(line)?.[1])
    .find((found) => found !== undefined)
  if (linux === undefined) return unknownBecause(`${menu.path}: the default entry "${title}" has no linux line`)
  return { title, cmdline: expand(linux, menu), source: menu.path, text: item.lines.join('\n') }
}

/** Puts in what grubenv, or else a `set` in grub.cfg, says for `$name`; an unset one is empty. */
function expand(line: string, { text, env }: GrubMenu): string {
  const value = (name: string) =>
    env[name] ?? new RegExp(`^\\s*set ${name}="?([^"\\n]*)"?\\s*$`, 'mu').exec(text)?.[1] ?? ''
  return line
    .replaceAll(/\$(?:\{(\w+)\}|(\w+))/gu, (_all, braced?: string, bare?: string) => value(braced ?? bare ?? ''))
    .trim()
}
