import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordHost } from '#app/report/record-host.ts'
import { redact } from '#app/report/redact.ts'
import { LEFT_OUT } from '#app/report/rules/rules.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub, popOs } from '#e2e/hosts/distros/debian.ts'
import { fedora } from '#e2e/hosts/distros/fedora.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { IFUPDOWN_FILES, NETWORKD_FILES, PAPER_FILES } from './places.fixture.ts'
import { asFiles } from './planted.fixture.ts'

const HOSTS = [
  PAPER_WORKSTATION,
  { ...PAPER_WORKSTATION, files: { ...PAPER_WORKSTATION.files, ...asFiles(PAPER_FILES) } },
  { ...PAPER_WORKSTATION, dirs: {}, files: { ...PAPER_WORKSTATION.files, ...asFiles(IFUPDOWN_FILES) } },
  { ...PAPER_WORKSTATION, dirs: {}, files: { ...PAPER_WORKSTATION.files, ...asFiles(NETWORKD_FILES) } },
  ...[debianGrub, popOs, fedora].map(machineOf),
]

const SAVED = { choices: DEFAULT_CHOICES, proofs: NO_PROOFS }
const RECORDINGS = await Promise.all(HOSTS.map(async (host) => recordHost(simulated(host), SAVED)))

/** Words that are in no dictionary: consonants only. */
const word = fc.stringMatching(/^[bcdfghjklmnpqrstvwxz]{7,14}$/u)

/** Lines no parser reads, in the forms that lines of all these files have. */
function linesOf(one: string): string {
  return [
    '',
    `# ${one}`,
    `// ${one}`,
    one,
    ` ${one} `,
    `${one} ${one}`,
    `${one}=${one}`,
    `${one} = "${one}"`,
    `${one}: ${one}`,
    `set ${one}="${one}"`,
    `option ${one} '${one}'`,
    `[${one}]`,
    `${one}.${one}:${one}`,
    `/home/${one}/${one}`,
    `user=${one} password=${one}`,
    '',
  ].join('\n')
}

/** The same recording with a word in every file and output, and in files nobody has a rule for. QEMU's lists are its own. */
function withWord(recording: Recording, one: string): Recording {
  const more = linesOf(one)
  const files = Object.entries(recording.files).map(
    ([path, text]) => [path, typeof text === 'string' ? text + more : text] as const,
  )
  const commands = Object.entries(recording.commands).map(([line, result]) => {
    if (result === null || line.startsWith('qemu-')) return [line, result] as const
    return [line, { ...result, stdout: result.stdout + more, stderr: one }] as const
  })
  return {
    ...recording,
    files: { ...Object.fromEntries(files), [`/etc/${one}.conf`]: more, '/etc/shadow': more, [`/proc/4/${one}`]: more },
    dirs: {
      ...recording.dirs,
      '/proc/4/fd': ['1'],
      [`/home/${one}`]: [one],
      '/run': [one],
      '/dev': [one, 'kvm'],
      '/boot': [`vmlinuz-${one}`],
    },
    links: { ...recording.links, '/proc/4/fd/1': `/srv/${one}`, [`/etc/${one}`]: `/srv/${one}` },
    commands: { ...Object.fromEntries(commands), [`nmcli ${one}`]: { exitCode: 0, stdout: more, stderr: one } },
  }
}

describe('a word in a place that nobody reads', () => {
  it('never passes, whatever its line looks like', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(word, fc.constantFrom(...RECORDINGS), (one, recording) => {
        const text = JSON.stringify(redact(withWord(recording, one)).recording)
        const at = text.indexOf(one)
        expect(at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 40)).toBe('')
      }),
      { numRuns: 40 },
    )
  })

  it('was in every file before', () => {
    const [recording] = RECORDINGS
    if (recording === undefined) throw new Error('no recording')
    const texts = Object.values(withWord(recording, 'zzqqxxv').files).filter((text) => typeof text === 'string')
    expect(texts.length).toBeGreaterThan(200)
    expect(texts.filter((text) => !text.includes('zzqqxxv'))).toEqual([])
  })

  it('of a file without a rule nothing is shown but that it was left out', () => {
    const [recording] = RECORDINGS
    if (recording === undefined) throw new Error('no recording')
    const { files, commands } = redact(withWord(recording, 'zzqqxxv')).recording
    expect(Object.values(files).filter((text) => JSON.stringify(text).includes(LEFT_OUT))).toHaveLength(3)
    expect(Object.values(commands)).toContainEqual({ exitCode: 1, stdout: '', stderr: LEFT_OUT })
  })
})
