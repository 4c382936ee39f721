import { z } from 'zod'
import { tellingPart } from '#host/probe/boot-image/contents.ts'
import type { Context, Keep } from './rule.ts'
import { byLine, kernelArguments, linesLike } from './rule.ts'

/** A command by its whole line, and what of its output is read. */
export interface CommandRule {
  command: RegExp
  keep: Keep
}

const QEMU = String.raw`^qemu-(?:kvm|system-x86_64)`

export const COMMANDS: readonly CommandRule[] = [
  {
    command: /^lspci -D -nnk$/u,
    keep: linesLike(
      /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] [^[]*\[[0-9a-f]{4}\]: .*$|^\t(?:Subsystem|Kernel driver in use|Kernel modules): .*$/u,
    ),
  },
  { command: /^systemctl --version$/u, keep: (text) => /^systemd \d+/u.exec(text)?.[0].concat('\n') ?? '' },
  { command: /^ip -j address$/u, keep: ipAddresses },
  { command: /^nmcli .* device show \S+$/u, keep: byLine(deviceLine) },
  { command: /^nmcli .* connection show uuid \S+$/u, keep: byLine(profileLine) },
  { command: /^lsinit(?:ramfs|rd|cpio) \S+$/u, keep: byLine(tellingPart) },
  { command: /^rpm-ostree status --json$/u, keep: deployment },
  { command: /^rpm-ostree kargs$/u, keep: kernelArguments },
  {
    command: new RegExp(`${QEMU} -version$`, 'u'),
    keep: (text) => /^QEMU emulator version [\d.]+/u.exec(text)?.[0].concat('\n') ?? '',
  },
  {
    command: new RegExp(`${QEMU} -device help$`, 'u'),
    keep: byLine((line) => /^name "[\w.,+-]+"/u.exec(line)?.[0] ?? null),
  },
  { command: new RegExp(`${QEMU} -machine help$`, 'u'), keep: byLine(machineLine) },
  {
    command: new RegExp(`${QEMU} -(?:device|machine) [\\w-]+,help$`, 'u'),
    keep: byLine((line) => /^\s+[A-Za-z0-9_.-]+=</u.exec(line)?.[0] ?? null),
  },
  { command: new RegExp(`${QEMU} -(?:object|audiodev) help$`, 'u'), keep: byLine(listedLine) },
  { command: /^virtiofsd --help$/u, keep: byLine((line) => /^ +--[a-z-]+(?= |$)/u.exec(line)?.[0] ?? null) },
  {
    command: new RegExp(`${QEMU} -machine none,accel=kvm:tcg .*-qmp stdio$`, 'u'),
    keep: (text) => [...text.matchAll(/"hv-[a-z-]+": true|\{"return": \{\}, "id": "[a-z_]+"\}/gu)].join('\n'),
  },
]

const addresses = z.array(
  z.looseObject({
    ifname: z.string(),
    addr_info: z.array(z.looseObject({ local: z.string().optional(), prefixlen: z.number().int() })),
  }),
)

const deployments = z.object({
  deployments: z.array(
    z.object({
      osname: z.string(),
      checksum: z.string(),
      serial: z.number().optional(),
      'regenerate-initramfs': z.boolean().nullish(),
    }),
  ),
})

/** Of the deployment that boots next where it lies, and whether its initramfs is built here. */
function deployment(text: string, { hide }: Context): string {
  const [first] = deployments.safeParse(jsonOf(text)).data?.deployments ?? []
  if (first === undefined) return ''
  return JSON.stringify({ deployments: [{ ...first, osname: hide.words(first.osname) }] })
}

/** Links, their addresses and how long the prefixes are. */
function ipAddresses(text: string, { hide }: Context): string {
  const parsed = addresses.safeParse(jsonOf(text))
  if (!parsed.success) return ''
  const links = parsed.data.map(({ ifname, addr_info: all }) => ({
    ifname: hide.words(ifname),
    addr_info: all.map(({ local, prefixlen }) => ({
      ...(local === undefined ? {} : { local: hide.words(local) }),
      prefixlen,
    })),
  }))
  return JSON.stringify(links)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function deviceLine(line: string, { hide }: Context): string | null {
  return /^GENERAL\.(?:STATE|CON-UUID):/u.test(line) ? hide.words(line) : null
}

/** Properties core/steps/network/network-manager.ts copies, or whose defaults it asks for. Of 802.1X that it is there. */
function profileLine(line: string, { hide }: Context): string | null {
  if (line.startsWith('802-1x.')) return '802-1x.eap:'
  const read =
    /^(?:connection\.(?:id|type|zone|master|secondaries|permissions)|802-3-ethernet\.(?:mtu|cloned-mac-address)|ipv[46]\.(?:method|addresses|gateway|dns|dns-search|dhcp-client-id|dhcp-hostname|dhcp-duid|routes|routing-rules|route-table|never-default|ignore-auto-routes|ignore-auto-dns|token)):/u
  return read.test(line) ? hide.words(line) : null
}

/** Redacts a list of machines, one a line below a heading: its name, and of the one called q35 what it stands for. */
function machineLine(line: string): string | null {
  if (line.startsWith('Supported machines')) return 'Supported machines are:'
  const [, name] = /^([\w.-]+) /u.exec(line) ?? []
  const alias = /\(alias of [\w.-]+\)/u.exec(line)?.[0]
  return name === undefined ? null : `${name} ${alias ?? ''}`
}

/** Redacts a list of names, one a line below a heading. */
function listedLine(line: string): string | null {
  return /^\s*[a-z0-9-]+$/u.test(line) ? line : /:$/u.test(line) ? 'Names:' : null
}
