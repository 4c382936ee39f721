import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { present, wantFile } from '#shared/plan/want-file.ts'
import { readsDirectory, uplinkStanzas, withManualUplink } from './interfaces-file.ts'
import { type BridgeSpec, HEADER, type NetworkBackend } from './network-backend.ts'

type Stanzas = Extract<ReturnType<typeof uplinkStanzas>, { kind: 'stanzas' }>['list']

/**
 * ifupdown with the scripts of bridge-utils (bridge-utils-interfaces(5)): the bridge in a file of our own, and the
 * uplink's stanza made manual, because the last stanza read for a link does not replace the first.
 */
export const ifupdown: NetworkBackend = {
  id: 'ifupdown',
  files: (facts, wish) => {
    const found = uplinkStanzas(wish.config, wish.uplink)
    if (found.kind === 'refused') return { kind: 'refused', why: `${wish.source}: ${found.why}` }
    const why = obstacle(facts)
    if (why !== null) return { kind: 'refused', why }
    const changes = present([
      wantFile(facts, {
        path: OWN_FILES.interfacesBridge,
        text: bridgeText(wish, found.list),
        reason: `The bridge, with the IP settings of ${wish.uplink}.`,
      }),
      wantFile(facts, {
        path: wish.source,
        text: withManualUplink(wish.config, wish.uplink),
        reason: `${wish.uplink} gets its addresses through the bridge from now on; every other byte stays.`,
      }),
    ])
    return { kind: 'files', changes }
  },
}

function obstacle(facts: Facts): string | null {
  if (!facts.network.bridgeUtils)
    return 'ifupdown makes bridges only with the package bridge-utils, which is not installed'
  const main = facts.files[OWN_FILES.interfaces]
  const text = main === undefined || main === null || isUnknown(main) ? '' : main.text
  return readsDirectory(text) ? null : `${OWN_FILES.interfaces} does not read the files of interfaces.d`
}

function bridgeText({ bridge, uplink, mac }: BridgeSpec, stanzas: Stanzas): string {
  const ports = [`bridge_ports ${uplink}`, 'bridge_stp off', 'bridge_fd 0', `bridge_hw ${mac}`]
  const first = stanzas.findIndex((stanza) => stanza.family === 'inet')
  const blocks = stanzas.map(({ family, method, options }, index) => {
    const lines = [...options, ...(index === first ? ports : [])]
    return [`iface ${bridge} ${family} ${method}`, ...lines.map((line) => `    ${line}`)].join('\n')
  })
  return `${HEADER}\nauto ${bridge}\n${blocks.join('\n\n')}\n`
}
