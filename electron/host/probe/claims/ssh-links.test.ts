import { expect, test } from 'vitest'
import type { Reader } from '#shared/base/system.ts'
import { listensForSsh } from './ssh-links.ts'

const HEAD = '  sl  local_address rem_address   st\n'
const row = (local: string, state: string) => `   0: ${local} 00000000:0000 ${state} 0\n`

/** A host with these files; a null one is closed. */
function host(files: Readonly<Record<string, string | null>>): Reader {
  return {
    read: async (path) => {
      const text = files[path]
      if (text === null) return { kind: 'denied', why: 'closed' }
      return text === undefined ? { kind: 'absent' } : { kind: 'text', text }
    },
    list: async () => ({ kind: 'absent' }),
    link: async () => ({ kind: 'absent' }),
    owner: async () => null,
  }
}

test.each([
  ['on every address', { '/proc/net/tcp': HEAD + row('00000000:0016', '0A') }, true],
  ['on every IPv6 address', { '/proc/net/tcp6': `${HEAD}${row(`${'0'.repeat(32)}:0016`, '0A')}` }, true],
  ['for the host itself only', { '/proc/net/tcp': HEAD + row('0100007F:0016', '0A') }, false],
  ['at a session, with nobody listening any more', { '/proc/net/tcp': HEAD + row('1401A8C0:0016', '01') }, false],
  ['at another port', { '/proc/net/tcp': HEAD + row('00000000:1F90', '0A') }, false],
  [
    'at the port that its configuration names',
    { '/etc/ssh/sshd_config': 'Port 8080\n', '/proc/net/tcp': HEAD + row('00000000:1F90', '0A') },
    true,
  ],
  ['where it cannot be told', { '/proc/net/tcp': null }, { unknown: 'closed' }],
])('sshd is looked for %s', async (_where, files, expected) => {
  expect(await listensForSsh(host(files))).toEqual(expected)
})
