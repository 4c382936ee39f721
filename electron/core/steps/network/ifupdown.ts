import { readsDirectory, type Stanza, uplinkStanzas } from '#core/texts/interfaces-file.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { IpVersion } from '#shared/facts/network.ts'
import { present } from '#shared/plan/want-file.ts'
import type { NetworkBackend } from './network-backend.ts'

/**
 * ifupdown with the scripts of bridge-utils (bridge-utils-interfaces(5)): the bridge in a file of our own, and the
 * uplink's stanza made manual, because the last stanza read for a link does not replace the first.
 */
export const ifupdown: NetworkBackend = {
  id: 'ifupdown',
  files: (facts, wish) => {
    const found = uplinkStanzas(wish.config, wish.uplink)
    if (found.kind === 'refused') return { kind: 'refused', why: `${wish.source}: ${found.why}` }
    const why = obstacle(facts, wish.ip, found.list)
    if (why !== null) return { kind: 'refused', why }
    const { bridge, uplink, mac, source, config } = wish
    const made = `The bridge, with the IP settings of ${uplink}.`
    const manual = `${uplink} gets its addresses through the bridge from now on; every other byte stays.`
    const changes = present([
      wantText(facts, { of: 'interfaces-bridge', bridge, uplink, mac, source }, made, config),
      wantText(facts, { of: 'interfaces', path: source, uplink }, manual, config),
    ])
    return { kind: 'files', changes }
  },
}

function obstacle(facts: Facts, ip: IpVersion, stanzas: readonly Stanza[]): string | null {
  const family = ip === 'IPv4' ? 'inet' : 'inet6'
  if (!stanzas.some((stanza) => stanza.family === family))
    return `the default route is one of ${ip}, and no stanza says where that comes from`
  if (!facts.network.bridgeUtils)
    return 'ifupdown makes bridges only with the package bridge-utils, which is not installed'
  const main = facts.files[OWN_FILES.interfaces]
  const text = main === undefined || main === null || isUnknown(main) ? '' : main.text
  return readsDirectory(text) ? null : `${OWN_FILES.interfaces} does not read the files of interfaces.d`
}
