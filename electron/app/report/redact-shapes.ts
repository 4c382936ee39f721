const HEX = '[0-9a-f]'
const WORD = `${HEX}{1,4}`

/** GUIDs of EFI variables name their vendor, not this host: they are the same everywhere. */
const PUBLIC = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f|8be4df61-93ca-11d2-aa0d-00e098032b8c'

/** Options whose value is never shown, whatever it looks like; a bare switch is none. */
const SECRET_KEY = '(?:pass(?:word|wd|phrase)\\w*|psk|wep-key\\d?|secrets?|tokens?|api_?key|private_?key|pin)'
const SWITCH = '(?:on|off|yes|no|true|false|null|none|\\d)'
const NO_SWITCH = `(?!["']?${SWITCH}(?![\\w.]))`

/** Not in the middle of an address: what stands before a colon is a word of its own, as in `IP6.ADDRESS[1]:`. */
const BEFORE_IP6 = `(?<![\\w.])(?<!(?:^|\\W)${HEX}{1,4}:)(?<!::)`

/** The same for runs of pairs. */
const BEFORE_PAIR = `(?<!${HEX})(?<!(?:^|\\W)${HEX}{2}[:-])`

/** Endings of names of hosts; file names have others. */
const TOP_LEVEL =
  'com|org|net|edu|gov|info|local|lan|internal|intranet|corp|home|example|invalid|test|de|fr|uk|eu|ch|at|nl'

/** A link in /dev/disk/by-id or /dev/input/by-id: its bus and its ending say nothing of whose it is. */
const BUS = '(?:ata|scsi|usb|nvme|wwn|mmc|virtio|md|dm|lvm)'
const FORM = '(?:eui\\.|nvme\\.|name-|uuid-)'
const DISK_NAME = '(?:(?!-event|-part\\d|-mouse|-if\\d)[^\\s/!",])+'

/** What a value of each kind looks like, as regular expressions. What comes first wins. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  secret: [
    'grub\\.pbkdf2\\.[\\w.]+',
    `(?<=\\b${SECRET_KEY}\\}?["']?[ \\t]*[=:]=?[ \\t]*["']?)${NO_SWITCH}[^\\s"']+`,
    `(?<=(?:^|[^\\w])(?:pass(?:word|wd|phrase)\\w*|(?:wpa-)?psk|secret)[ \\t]+["']?)${NO_SWITCH}[^\\s"']+`,
    // Accounts in addresses of the network: scheme://user:password@server, iscsi:user:password@server.
    '(?<=://)[^\\s/"\']+',
    '(?<=\\b(?:netroot=)?iscsi:)[^\\s"\']+',
    'iqn\\.\\d{4}-\\d{2}\\.[^\\s"\']+',
    '(?<=(?:^|[\\s"\'=])//)[^\\s/"\']+(?=/)',
  ],
  email: [`(?<![\\w.+-])[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)*\\.[a-z]{2,24}(?![\\w-])`],
  // sshfs and scp: user@server:path; NFS: server:/path.
  server: [
    '(?<![\\w.@-])[\\w.-]+@[\\w.-]+(?=:)',
    '(?<![\\w./-])(?!(?:unix|file|dir):)[a-z][\\w-]*(?:\\.[\\w-]+)*(?=:/[^/])',
  ],
  user: ['(?<=/home/)[^/\\s:"\',;)]+'],
  label: ['(?<=by-(?:part)?label[/!])[^\\s/!",]+'],
  uuid: [
    `(?<!${HEX})(?!${PUBLIC})${HEX}{8}-(?:${HEX}{4}-){3}${HEX}{12}(?!${HEX})`,
    // Device mapper doubles hyphens (dm names of LVM).
    `(?<!${HEX})${HEX}{8}--(?:${HEX}{4}--){3}${HEX}{12}(?!${HEX})`,
    // mdadm writes four words with colons (mdadm(8)), LVM seven with hyphens (lvmsystemid(7)).
    `(?<!${HEX})(?<!${HEX}{8}:)${HEX}{8}(?::${HEX}{8}){3}(?![0-9a-f:])`,
    '(?<![a-z0-9-])[a-z0-9]{6}(?:-[a-z0-9]{4}){5}-[a-z0-9]{6}(?![a-z0-9-])',
  ],
  uuidValue: [
    `(?<=UUID=|by-uuid[/!]|by-partuuid[/!])${HEX}[0-9a-f-]{3,}`,
    // FAT and exFAT.
    `(?<![\\w-])${HEX}{4}-${HEX}{4}(?![\\w-])`,
  ],
  diskId: [
    `(?<=by-id[/!])(?!${BUS}-)${DISK_NAME}`,
    `(?<=by-id[/!]${BUS}-)(?!${FORM})${DISK_NAME}`,
    `(?<=by-id[/!]${BUS}-${FORM})${DISK_NAME}`,
  ],
  serial: [
    `\\b(?:${HEX}{2}-){7}${HEX}{2}\\b`,
    '(?<=serial\\}?"?(?:[ _](?:number|short))?(?:[:=]=? ?)["\']?)(?!["\']?(?:chardev|serial\\d))[\\w.-]+',
    // World wide names of disks (udev: 60-persistent-storage.rules).
    `(?<=\\b(?:wwn-0x|naa\\.|eui\\.))${HEX}{16,32}\\b`,
    `(?<=wwn\\w*\\}?=="?)(?:0x)?${HEX}{8,32}\\b`,
  ],
  hardware: [
    // More pairs than a MAC address has: InfiniBand, DHCP client ids and DUIDs.
    `${BEFORE_PAIR}(?:${HEX}{2}:){6,}${HEX}{2}(?![0-9a-f:])`,
    `${BEFORE_PAIR}(?:${HEX}{2}-){6,}${HEX}{2}(?![0-9a-f-])`,
  ],
  mac: [
    `${BEFORE_PAIR}(?:${HEX}{2}:){5}${HEX}{2}(?![0-9a-f:])`,
    `${BEFORE_PAIR}(?:${HEX}{2}-){5}${HEX}{2}(?![0-9a-f-])`,
    // Names of interfaces after their card (systemd.net-naming-scheme(7)), and of Docker's bridges.
    `(?<=\\b(?:enx|wlx|wwx))${HEX}{12}\\b`,
    `(?<=\\bbr-)${HEX}{12}\\b`,
  ],
  // What is left of such a run, however it begins and ends.
  pairs: [`(?:${HEX}{2}[:-]){3,}${HEX}{2}`],
  ip6: [
    `${BEFORE_IP6}(?:${WORD}:){7}${WORD}(?!\\w|:\\w)`,
    `${BEFORE_IP6}(?:${WORD}:){1,7}:(?:${WORD}(?::${WORD}){0,6})?(?!\\w|:\\w)`,
  ],
  ip4: ['(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?!\\w|\\.\\d)'],
  machineId: [`(?<!${HEX})(?!0{32}(?!${HEX}))${HEX}{32}(?!${HEX})`],
  domain: [`(?<![\\w.@-])(?:[a-z0-9][a-z0-9-]*\\.)+(?:${TOP_LEVEL})(?![\\w-])`],
  phone: ['(?<![\\w.:\\\\-])(?:\\+\\d{2,3}|0\\d{2,4})[ /-]?\\d{2,4}(?:[ -]?\\d{2,})+(?![\\w.:-])'],
}

/** The same as one expression, each kind a named group. One pass: no placeholder is taken for a value again. */
export const SHAPES = Object.entries(KINDS)
  .map(([kind, forms]) => `(?<${kind}>${forms.join('|')})`)
  .join('|')

/** Returns the kind of a match, from its named groups. */
export function kindOf(groups: Readonly<Record<string, string | undefined>>): string {
  return Object.keys(groups).find((kind) => kind in KINDS && groups[kind] !== undefined) ?? 'serial'
}
