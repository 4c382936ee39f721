import { sectionsOf } from '#core/texts/network-texts.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { present } from '#shared/plan/want-file.ts'
import type { BridgeSpec, NetworkBackend } from './network-backend.ts'

/** Keys of [Network] that hang something else on the uplink (systemd.network(5)). */
const STACKED = /^\s*(Bridge|Bond|VLAN|VRF|MACVLAN|MACVTAP|IPVLAN|IPVTAP|VXLAN|Tunnel|BatmanAdvanced|MACsec)\s*=/u

/**
 * systemd-networkd: the first .network file in the order of names that matches a link is used (systemd.network(5)),
 * so a file of our own before it makes the uplink a port, and its old file stays as it is.
 */
export const networkd: NetworkBackend = {
  id: 'systemd-networkd',
  files: (facts, wish) => {
    const why = notCopied(wish)
    if (why !== null) return { kind: 'refused', why }
    const { bridge, uplink, mac, source, config } = wish
    const settings = `The IP settings of ${source}, for the bridge.`
    const port = `Makes ${uplink} a port of it. ${source} stays as it is; this file comes before it.`
    const changes = present([
      wantText(facts, { of: 'networkd-netdev', bridge, mac }, 'The bridge itself.'),
      wantText(facts, { of: 'networkd-bridge', bridge, source }, settings, config),
      wantText(facts, { of: 'networkd-port', bridge, uplink }, port),
    ])
    return { kind: 'files', changes }
  },
}

function notCopied(wish: BridgeSpec): string | null {
  const parts = sectionsOf(wish.config)
  if (parts.some((part) => part.name === 'DropIns')) return `${wish.source} is completed by drop-in files`
  const stacked = parts.flatMap((part) => part.lines).find((line) => STACKED.test(line))
  if (stacked !== undefined) return `${wish.source} puts something else on the link: ${stacked.trim()}`
  const name = wish.source.split('/').at(-1) ?? ''
  const ours = OWN_FILES.networkdPort.split('/').at(-1) ?? ''
  return name > ours ? null : `${wish.source} comes before any file of ours`
}
