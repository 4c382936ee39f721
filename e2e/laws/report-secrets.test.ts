import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { walkSteps } from '#app/flows/proven.fixture.ts'
import { SimulatedHelper } from '#app/privilege/helper-client.ts'
import { fixedPrivilege } from '#app/privilege/privilege.ts'
import { makeBundle } from '#app/report/bundle.ts'
import { recordHost } from '#app/report/record-host.ts'
import type { Session } from '#app/session/session.ts'
import { MemoryStore } from '#app/session/state-store.ts'
import { Studio } from '#app/studio.ts'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { parseRecording } from '#host/recorded/recording.ts'
import { type Description } from '#host/simulated/description.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { SimulatedVm } from '#vm/simulated.ts'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`, 'u'))
const octet = fc.integer({ min: 10, max: 250 })
const group = fc.integer({ min: 0x101, max: 0xffff }).map((value) => value.toString(16))
const pairs = (length: number) =>
  fc
    .array(fc.integer({ min: 0x11, max: 0xfe }), { minLength: length, maxLength: length })
    .map((bytes) => bytes.map((byte) => byte.toString(16)).join(''))
const colons = (text: string) => (text.match(/../gu) ?? []).join(':')

/** What must not leave the host. Names are rare words, so that finding one again is no accident. */
const secrets = fc
  .record({
    host: fc.stringMatching(/^q[bcdfgjkpqvwxz]{4,6}-[0-9]{2}$/u),
    domain: fc.stringMatching(/^z[bcdfgjkpqvwxz]{5,8}\.example$/u),
    user: fc.stringMatching(/^x[bcdfgjkpqvwxz]{5,8}$/u),
    colleague: fc.stringMatching(/^w[bcdfgjkpqvwxz]{5,8}$/u),
    fullName: fc.stringMatching(/^V[bcdfgjkpqvwxz]{3,5} Z[bcdfgjkpqvwxz]{3,6}$/u),
    uuid: fc.uuid({ version: 4 }),
    arrayUuid: fc.tuple(hex(8), hex(8), hex(8), hex(8)).map((words) => words.join(':')),
    volumeUuid: fc.stringMatching(/^[A-Za-z0-9]{6}(?:-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}$/u),
    shortId: fc.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/u),
    diskId: fc.stringMatching(/^ata-[A-Z]{6}_SSD_[A-Z0-9]{12}$/u),
    wwn: hex(16),
    cardSerial: pairs(8).map((text) => (text.match(/../gu) ?? []).join('-')),
    boardSerial: fc.stringMatching(/^[A-Z]{2}[0-9]{8}$/u),
    mac: fc.tuple(fc.constantFrom('3c7c', 'A0CE', '0250'), pairs(4)).map(([vendor, rest]) => `${vendor}${rest}`),
    ip4: fc.tuple(fc.integer({ min: 10, max: 126 }), octet, octet, octet).map((parts) => parts.join('.')),
    ip6: fc
      .tuple(fc.constantFrom('2a02', 'fd12', 'fe80'), group, group, group)
      .map(([head, a, b, c]) => `${head}:${a}:${b}::${c}`),
    prefix6: fc.tuple(group, group, group).map((words) => `2a02:${words.join(':')}::`),
    long6: fc.array(group, { minLength: 7, maxLength: 7 }).map((words) => `2a02:${words.join(':')}`),
    machineId: hex(32).filter((id) => !/^0+$/u.test(id)),
  })
  .map((all) => ({ ...all, mac: colons(all.mac), link: all.mac.toLowerCase() }))
type Secrets = typeof secrets extends fc.Arbitrary<infer T> ? T : never

/** Every secret in the forms it has in configuration, logs and comments; lines end in it, so an escape follows it. */
function lines(one: Secrets): string {
  return [
    `# by ${one.fullName} (${one.fullName.replace(' ', '.')}) on ${one.host}.${one.domain}, see /home/${one.user}/notes`,
    `# also (${one.colleague}) /home/${one.colleague}`,
    one.user,
    one.uuid,
    `UUID="${one.uuid}"`,
    one.arrayUuid,
    one.volumeUuid,
    `UUID=${one.shortId}`,
    `/dev/disk/by-id/${one.diskId},wwn-0x${one.wwn}`,
    one.cardSerial,
    `Serial Number: ${one.boardSerial}`,
    `ID_SERIAL_SHORT=${one.boardSerial}`,
    one.mac,
    `mac=${one.mac.toUpperCase()};${one.mac.replaceAll(':', '-')}`,
    `wlx${one.link}`,
    one.ip4,
    `from ${one.ip4}.`,
    `host-${one.ip4}/24`,
    one.ip6,
    `[${one.ip6}]:22 ${one.ip6}/64: ${one.prefix6}/56`,
    one.long6,
    one.machineId,
    '',
  ].join('\n')
}

function machineOf(one: Secrets): Description {
  const { files } = PAPER_WORKSTATION
  const words = `root=UUID=${one.uuid} rd.md.uuid=${one.arrayUuid} ip=${one.ip4}:::255.255.255.0:${one.host} ifname=lan:${one.mac}`
  const grub = `${files['/etc/default/grub'] ?? ''}${lines(one)}`.replace('rhgb quiet', words)
  return {
    ...PAPER_WORKSTATION,
    files: {
      ...files,
      '/proc/sys/kernel/hostname': `${one.host}.${one.domain}\n`,
      '/proc/sys/kernel/random/boot_id': `${one.uuid}\n`,
      '/proc/cmdline': `BOOT_IMAGE=/vmlinuz ${words} quiet\n`,
      '/boot/grub2/grub.cfg': (files['/boot/grub2/grub.cfg'] ?? '').replace('rhgb quiet', words),
      '/etc/default/grub': grub,
      '/etc/modprobe.d/local.conf': lines(one),
      [`/etc/modprobe.d/${one.user}-${one.host}.conf`]: 'options snd index=1\n',
      '/etc/passwd': `root:x:0:0:root:/root:/bin/bash\n${one.user}:x:1000:1000:${one.fullName},,:/home/${one.user}:/bin/bash\n`,
    },
    commands: {
      ...PAPER_WORKSTATION.commands,
      'ip -j address': JSON.stringify([
        { ifname: 'enp0s25', addr_info: [{ local: one.ip4 }, { local: one.ip6 }, { local: one.long6 }] },
      ]),
    },
  }
}

/** A machine on which steps 2 and 3 were applied: its journal holds what it wrote, and what was there before. */
async function used(one: Secrets): Promise<Studio> {
  const host = simulated(machineOf(one))
  const session: Session = {
    host,
    helper: new SimulatedHelper(host),
    vm: new SimulatedVm(),
    store: new MemoryStore(),
    privilege: fixedPrivilege('', null),
  }
  const studio = new Studio(session)
  await studio.open()
  const { choices } = studio.current.saved
  const machine = { ...choices.definition, name: one.user, installIso: `/home/${one.user}/${one.host}/windows.iso` }
  await studio.choose({ ...choices, definition: machine })
  await walkSteps(studio)
  return studio
}

/** The values themselves, and without what separates their digits. */
function spellings(one: Secrets): string[] {
  const { link, ...values } = one
  const bare = [one.mac, one.cardSerial].map((value) => value.replaceAll(/[:-]/gu, ''))
  return [...Object.values(values), link, ...bare, one.mac.replaceAll(':', '-')].map((value) => value.toLowerCase())
}

describe('the report of a host full of secrets', () => {
  it('holds no secret in any part', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async (one) => {
        const { session, current } = await used(one)
        const { text, texts, view } = await makeBundle(session, current.saved)
        const whole = [text, ...texts, ...view.parts.map(({ title }) => title)].join('\n').toLowerCase()
        expect(spellings(one).filter((secret) => whole.includes(secret))).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  it('held each secret before it was redacted', async () => {
    const [one] = fc.sample(secrets, { numRuns: 1, seed: 7 })
    if (one === undefined) throw new Error('no sample')
    const { session, current } = await used(one)
    const whole = JSON.stringify(await recordHost(session.host, current.saved)).toLowerCase()
    const { link, ...values } = one
    expect(
      Object.values({ ...values, link: `wlx${link}` }).filter((secret) => !whole.includes(secret.toLowerCase())),
    ).toEqual([])
  })

  it('replays with its choices, proofs and health', async () => {
    const [one] = fc.sample(secrets, { numRuns: 1, seed: 8 })
    if (one === undefined) throw new Error('no sample')
    const { session, current } = await used(one)
    const { text } = await makeBundle(session, current.saved)
    const recording = parseRecording(text, 'host.json')
    const replay = new Studio({
      ...session,
      host: new RecordedHost(recording),
      store: new MemoryStore({ ...current.saved, ...recording.saved }),
    })
    await replay.open()
    const words = (studio: { current: Studio['current'] }) =>
      studio.current.steps.map((step) => `${step.id} ${step.verdict.status} ${step.plan.changes.length}`)
    expect(words(replay)).toEqual(words({ current }))
    expect(replay.current.health).toMatchObject({ verdict: { status: 'ok' }, changes: 0 })
    expect(replay.current.health?.proven?.vm).toMatch(/^user\d+$/u)
  })
})
