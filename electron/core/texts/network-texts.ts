import { OWN_FILES } from '#shared/base/own-files.ts'
import { type OwnText, plain } from './file.ts'
import { uplinkStanzas } from './interfaces-file.ts'

export const HEADER = '# Written by Passthrough Studio, step 7. "Undo" there takes it away again.'

/** A bridge to be made, the link that becomes its port, and the address of both. */
interface Bridge {
  bridge: string
  uplink: string
  mac: string
}

/** A section of systemd.network(5). */
export interface Section {
  name: string
  lines: string[]
}

/** Returns the sections of such a file, in order. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = []
  for (const line of text.split('\n')) {
    const name = /^\s*\[([A-Za-z0-9]+)\]\s*$/u.exec(line)?.[1]
    if (name !== undefined) sections.push({ name, lines: [] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections
}

/** The bridge itself, for systemd-networkd. */
export function networkdNetdev({ bridge, mac }: Pick<Bridge, 'bridge' | 'mac'>): OwnText {
  const text = [
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
  return plain(OWN_FILES.networkdNetdev, text)
}

/** Returns everything the uplink's file (`source`) says except which link it is for. */
export function networkdBridge({ bridge }: Pick<Bridge, 'bridge'>, source: string): OwnText {
  const kept = sectionsOf(source).filter((section) => section.name !== 'Match')
  const text = kept.map((section) => `[${section.name}]\n${section.lines.join('\n').trim()}\n`).join('\n')
  return plain(OWN_FILES.networkdBridge, `${HEADER}\n[Match]\nName=${bridge}\n\n${text}`)
}

/** The uplink as a port of it. */
export function networkdPort({ bridge, uplink }: Omit<Bridge, 'mac'>): OwnText {
  return plain(OWN_FILES.networkdPort, `${HEADER}\n[Match]\nName=${uplink}\n\n[Network]\nBridge=${bridge}\n`)
}

/** The bridge with the uplink's addresses, as they stand in the file `source`; null: they are not ones to be moved. */
export function interfacesBridge({ bridge, uplink, mac }: Bridge, source: string): OwnText | null {
  const found = uplinkStanzas(source, uplink)
  if (found.kind === 'refused') return null
  const ports = [`bridge_ports ${uplink}`, 'bridge_stp off', 'bridge_fd 0', `bridge_hw ${mac}`]
  const first = Math.max(
    0,
    found.list.findIndex((stanza) => stanza.family === 'inet'),
  )
  const blocks = found.list.map(({ family, method, options }, index) => {
    const lines = [...options, ...(index === first ? ports : [])]
    return [`iface ${bridge} ${family} ${method}`, ...lines.map((line) => `    ${line}`)].join('\n')
  })
  return plain(OWN_FILES.interfacesBridge, `${HEADER}\nauto ${bridge}\n${blocks.join('\n\n')}\n`)
}
