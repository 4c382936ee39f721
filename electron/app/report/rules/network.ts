import type { Context, Rule } from './rule.ts'
import { byLine, wordByWord } from './rule.ts'

/** Who configures the network, and how. Of sshd only its ports are asked for. */
export const NETWORK: readonly Rule[] = [
  { paths: /^\/etc\/network\/interfaces(?:\.d\/[^/]+)?$/u, keep: byLine(stanzaLine) },
  { paths: /^\/run\/network\/ifstate$/u, keep: wordByWord },
  {
    paths: /^\/run\/systemd\/netif\/links\/\d+$/u,
    keep: byLine((line, { hide }) => (/^(?:ADMIN_STATE|NETWORK_FILE)=/u.test(line) ? hide.words(line) : null)),
  },
  { paths: /\/systemd\/network\/[^/]+\.(?:network|netdev)$/u, keep: wordByWord },
  { paths: /^\/etc\/ssh\/sshd_config(?:\.d\/[^/]+)?$/u, keep: byLine(sshPort) },
  { paths: /^\/etc\/NetworkManager\/system-connections\/passthrough-studio-[a-z]+\.nmconnection$/u, keep: wordByWord },
  { paths: /^\/run\/passthrough-studio\/network-guard\.json$/u, keep: wordByWord },
]

function stanzaLine(line: string, { hide }: Context): string | null {
  const word = line.trim()
  if (word.startsWith('#') && !word.startsWith('# Written by Passthrough Studio')) return null
  return hide.words(line)
}

function sshPort(line: string): string | null {
  const port = /^\s*(?:Port[\s=]+|ListenAddress[\s=].*:)(\d{1,5})\b/iu.exec(line)?.[1]
  return port === undefined ? null : `Port ${port}`
}
