import { OWN_FILES } from '#shared/base/own-files.ts'
import { present, wantFile } from '#shared/plan/want-file.ts'
import { type BridgeSpec, HEADER, type NetworkBackend } from './network-backend.ts'

interface Part {
  name: string
  lines: string[]
}

/** Keys of [Network] that hang something else on the uplink (systemd.network(5)). */
const STACKED = /^\s*(Bridge|Bond|VLAN|VRF|MACVLAN|MACVTAP|IPVLAN|IPVTAP|VXLAN|Tunnel|BatmanAdvanced|MACsec)\s*=/u

/**
 * systemd-networkd: the first .network file in the order of names that matches a link is used (systemd.network(5)),
 * so a file of our own before it makes the uplink a port, and its old file stays as it is.
 */
export const networkd: NetworkBackend = {
  id: 'systemd-networkd',
  files: (facts, wish) => {
    const parts = partsOf(wish.config)
    const why = notCopied(wish, parts)
    if (why !== null) return { kind: 'refused', why }
    const changes = present([
      wantFile(facts, { path: OWN_FILES.networkdNetdev, text: netdev(wish), reason: 'The bridge itself.' }),
      wantFile(facts, {
        path: OWN_FILES.networkdBridge,
        text: bridgeNetwork(wish, parts),
        reason: `The IP settings of ${wish.source}, for the bridge.`,
      }),
      wantFile(facts, {
        path: OWN_FILES.networkdPort,
        text: `${HEADER}\n[Match]\nName=${wish.uplink}\n\n[Network]\nBridge=${wish.bridge}\n`,
        reason: `Makes ${wish.uplink} a port of it. ${wish.source} stays as it is; this file comes before it.`,
      }),
    ])
    return { kind: 'files', changes }
  },
}

function partsOf(text: string): Part[] {
  const parts: Part[] = []
  for (const line of text.split('\n')) {
    const name = /^\s*\[([A-Za-z0-9]+)\]\s*$/u.exec(line)?.[1]
    if (name !== undefined) parts.push({ name, lines: [] })
    else parts.at(-1)?.lines.push(line)
  }
  return parts
}

function notCopied(wish: BridgeSpec, parts: readonly Part[]): string | null {
  if (parts.some((part) => part.name === 'DropIns')) return `${wish.source} is completed by drop-in files`
  const stacked = parts.flatMap((part) => part.lines).find((line) => STACKED.test(line))
  if (stacked !== undefined) return `${wish.source} puts something else on the link: ${stacked.trim()}`
  const name = wish.source.split('/').at(-1) ?? ''
  const ours = OWN_FILES.networkdPort.split('/').at(-1) ?? ''
  return name > ours ? null : `${wish.source} comes before any file of ours`
}

function netdev({ bridge, mac }: BridgeSpec): string {
  return [
    HEADER,
    '[NetDev]',
    `Name=${bridge}`,
    'Kind=bridge',
    `MACAddress=${mac}`,
    '',
    '[Bridge]',
    'STP=no',
    'ForwardDelaySec=0',
    '',
  ].join('\n')
}

/** Everything the old file says except which link it is for. */
function bridgeNetwork({ bridge }: BridgeSpec, parts: readonly Part[]): string {
  const kept = parts.filter((part) => part.name !== 'Match')
  const text = kept.map((part) => `[${part.name}]\n${part.lines.join('\n').trim()}\n`).join('\n')
  return `${HEADER}\n[Match]\nName=${bridge}\n\n${text}`
}
