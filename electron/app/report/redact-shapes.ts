const HEX = '[0-9a-f]'
const WORD = `${HEX}{1,4}`

/** GUIDs of EFI variables name their vendor, not this host: they are the same everywhere. */
const PUBLIC = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f|8be4df61-93ca-11d2-aa0d-00e098032b8c'

/** What a value of each kind looks like, as regular expressions. What comes first wins. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  uuid: [
    `(?<!${HEX})(?!${PUBLIC})${HEX}{8}-(?:${HEX}{4}-){3}${HEX}{12}(?!${HEX})`,
    // mdadm writes four words with colons (mdadm(8)), LVM seven with hyphens (lvmsystemid(7)).
    `(?<![0-9a-f:])${HEX}{8}(?::${HEX}{8}){3}(?![0-9a-f:])`,
    '(?<![a-z0-9-])[a-z0-9]{6}(?:-[a-z0-9]{4}){5}-[a-z0-9]{6}(?![a-z0-9-])',
  ],
  uuidValue: [`(?<=UUID=|by-uuid[/!]|by-partuuid[/!])${HEX}[0-9a-f-]{3,}`],
  diskId: ['(?<=by-id[/!])[^\\s/!",]+'],
  serial: [
    `\\b(?:${HEX}{2}-){7}${HEX}{2}\\b`,
    '(?<=serial(?:[ _](?:number|short))?[:=] ?)[\\w.-]+',
    // World wide names of disks (udev: 60-persistent-storage.rules).
    `(?<=\\b(?:wwn-0x|naa\\.|eui\\.))${HEX}{16,32}\\b`,
  ],
  mac: [
    `(?<!${HEX})(?<!${HEX}{2}:)(?:${HEX}{2}:){5}${HEX}{2}(?![0-9a-f:])`,
    `(?<![0-9a-f-])(?:${HEX}{2}-){5}${HEX}{2}(?![0-9a-f-])`,
    // Names of interfaces after their card (systemd.net-naming-scheme(7)).
    `(?<=\\b(?:enx|wlx|wwx))${HEX}{12}\\b`,
  ],
  ip6: [
    `(?<![\\w:.])(?:${WORD}:){7}${WORD}(?!\\w|:\\w)`,
    `(?<![\\w:.])(?:${WORD}:){1,7}:(?:${WORD}(?::${WORD}){0,6})?(?!\\w|:\\w)`,
  ],
  ip4: ['(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?!\\w|\\.\\d)'],
  machineId: [`(?<!${HEX})(?!0{32}(?!${HEX}))${HEX}{32}(?!${HEX})`],
}

/** Values that identify by their shape, each kind a named group. One pass: no placeholder is taken for a value again. */
export const SHAPES = new RegExp(
  Object.entries(KINDS)
    .map(([kind, forms]) => `(?<${kind}>${forms.join('|')})`)
    .join('|'),
  'giu',
)
