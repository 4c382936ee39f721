import { readFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { recordHost } from '#app/report/record-host.ts'
import { redact } from '#app/report/redact.ts'
import { LEFT_OUT } from '#app/report/rules/rules.ts'
import { RealHost } from '#host/real/real.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'

const SHARED = /^(?:127\.|::1$|00:00:00:00:00:00$)/u

/** What names this host and its people. A name that is also a word of every host says nothing. */
function identities(): string[] {
  const people = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((row) => row.split(':'))
    .filter(([, , uid]) => Number(uid) >= 1000 && Number(uid) < 60_000)
  const links = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const machineId = readId('/etc/machine-id')
  return [
    hostname(),
    ...people.map(([name = '']) => name),
    ...links.flatMap(({ address, mac }) => [address, mac]),
    ...machineId,
  ]
    .filter((identity) => identity.length > 3 && !SHARED.test(identity))
    .filter((identity) => identity !== 'localhost')
}

function readId(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8').trim()]
  } catch {
    return []
  }
}

it('a bundle of this very host names neither it nor its people, and no open file', { timeout: 300_000 }, async () => {
  const recorded = await recordHost(new RealHost(), { choices: DEFAULT_CHOICES, proofs: NO_PROOFS })
  const { recording } = redact(recorded)
  const text = JSON.stringify(recording).toLowerCase()
  expect(identities().length).toBeGreaterThan(0)
  expect(identities().filter((identity) => text.includes(identity.toLowerCase()))).toEqual([])
  const opened = Object.entries(recording.links).filter(([path]) => /^\/proc\/\d+\/fd\//u.test(path))
  expect(opened.filter(([, target]) => typeof target === 'string' && !target.startsWith('/dev/'))).toEqual([])
  const all = { ...recording.files, ...recording.dirs, ...recording.links, ...recording.commands }
  expect(Object.keys(all).filter((key) => JSON.stringify(all[key]).includes(LEFT_OUT))).toEqual([])
})
