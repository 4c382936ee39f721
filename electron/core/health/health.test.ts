import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { factsOf, proven } from '#app/flows/proven.fixture.ts'
import { openSession } from '#app/session/session.ts'
import { Studio } from '#app/studio.ts'
import { situation } from '#core/situation.fixture.ts'
import type { FileStamp } from '#shared/base/file-stamp.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import type { Health } from '#shared/ipc/health.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { findingKey } from '#shared/wizard/finding.ts'
import { healthOf } from './health.ts'

const CARD = '0000:04:00.0'

function healthFrom(facts: Facts, entries: readonly JournalEntry[]): Health {
  return healthOf(situation(facts), entries)
}

function said({ compared }: Health): string[] {
  return compared.flatMap(({ finding }) => (finding.status === 'pass' ? [] : [finding.text]))
}

function moved(facts: Facts, from: string, to: string): Facts {
  const there = (address: string) => address.replace(from, to)
  return { ...facts, devices: facts.devices.map((device) => ({ ...device, address: there(device.address) })) }
}

function withText(facts: Facts, path: string, sha256: string | null): Facts {
  return { ...facts, files: { ...facts.files, [path]: sha256 === null ? null : { text: '', sha256 } } }
}

let good: Facts
let journal: readonly JournalEntry[]

beforeAll(async () => {
  const { studio } = await proven()
  good = factsOf(studio)
  journal = studio.current.journal
})

describe('health', () => {
  it('has no baseline before a guest reported the card, and says what makes one', async () => {
    const studio = new Studio(await openSession('paper', 'unused'))
    await studio.open()
    expect(studio.current.health).toMatchObject({ verdict: { status: 'unknown' }, proven: null, changes: 0 })
    expect(studio.current.saved.proofs.baseline).toBeUndefined()
  })

  it('saves a baseline when the guest reports the card, and finds it unchanged', async () => {
    const { studio } = await proven()
    expect(studio.current.saved.proofs.baseline).toMatchObject({
      vm: 'designer',
      simulated: true,
      kernel: '3.10.0-514.el7.x86_64',
      qemu: '2.12.0',
      bios: '2.0 of 01/14/2016',
      functions: [
        { address: CARD, ids: '10de:13f1 10de:1153', name: 'Quadro M4000' },
        { address: '0000:04:00.1', ids: '10de:0fbb 10de:1153' },
      ],
    })
    expect(Object.keys(studio.current.saved.proofs.baseline?.files ?? {})).toContain(
      '/var/lib/passthrough-studio/vms/designer/start-vm.sh',
    )
    const { health } = studio.current
    expect(health).toMatchObject({ verdict: { status: 'ok' }, changes: 0 })
    expect(health?.compared.map(({ what }) => what)).toEqual([
      ...['The kernel', 'Kernel arguments', 'The system', 'QEMU', 'The BIOS'],
      ...['Card function 04:00.0', 'Card function 04:00.1', 'Configuration files', 'What boots next'],
    ])
    expect(health?.compared.every(({ same }) => same === true)).toBe(true)
  })

  it('keeps its baseline when a guest reports less than the card', async () => {
    const { studio } = await proven()
    const before = studio.current.saved.proofs.baseline
    studio.session.vm.report = async (definition) => ({
      at: '2030-01-01T00:00:00.000Z',
      vm: definition.name,
      kernel: '6.1',
      source: 'serial',
      functions: [],
      simulated: true,
    })
    await studio.shutDownVm()
    await studio.startVm()
    expect(studio.current.saved.proofs.guestReport?.functions).toEqual([])
    expect(studio.current.saved.proofs.baseline).toEqual(before)
  })
})

const OTHER_KERNEL = '6.8.0-45-generic'

/** One thing made different, and what has to be said of it. */
const DRIFTS: readonly (readonly [string, (facts: Facts) => Facts, string])[] = [
  [
    'a new kernel',
    (facts) => ({ ...facts, kernel: { ...facts.kernel, release: OTHER_KERNEL } }),
    'The kernel is 6.8.0-45-generic, it was 3.10.0-514.el7.x86_64.',
  ],
  [
    'a lost kernel argument',
    (facts) => ({
      ...facts,
      kernel: { ...facts.kernel, cmdline: facts.kernel.cmdline.replace(' intel_iommu=on', ' nomodeset') },
    }),
    'Kernel arguments differ: intel_iommu=on is gone, nomodeset is new.',
  ],
  [
    'another QEMU',
    (facts) =>
      facts.qemu === null || isUnknown(facts.qemu) ? facts : { ...facts, qemu: { ...facts.qemu, version: '9.1.0' } },
    'QEMU is 9.1.0, it was 2.12.0.',
  ],
  ['no QEMU', (facts) => ({ ...facts, qemu: null }), 'QEMU is gone; it was 2.12.0.'],
  [
    'a BIOS update',
    (facts) => ({ ...facts, host: { ...facts.host, bios: '3.4 of 05/17/2021' } }),
    'The BIOS is 3.4 of 05/17/2021, it was 2.0 of 01/14/2016.',
  ],
  [
    'a distribution upgrade',
    (facts) => ({ ...facts, host: { ...facts.host, osName: 'CentOS Linux 8' } }),
    'The system is CentOS Linux 8, it was CentOS Linux 7 (Core).',
  ],
  [
    'a file of ours that an admin edited',
    (facts) => withText(facts, OWN_FILES.modulesLoad, 'f'.repeat(64)),
    'was changed by someone else since step 2 wrote it',
  ],
  [
    'a file of ours that was removed',
    (facts) => withText(facts, OWN_FILES.modulesLoad, null),
    'was removed by someone else since step 2 wrote it',
  ],
  [
    'a new file of others',
    (facts) => withText(facts, '/etc/modprobe.d/nvidia.conf', 'e'.repeat(64)),
    '/etc/modprobe.d/nvidia.conf is new since the card was last proven, and not by this program.',
  ],
  [
    'a file of others that changed',
    (facts) => withText(facts, '/etc/modprobe.d/blacklist.conf', 'e'.repeat(64)),
    '/etc/modprobe.d/blacklist.conf was changed since the card was last proven, and not by this program.',
  ],
]

describe('drift', () => {
  it.each(DRIFTS)('is reported with evidence and a next step: %s', (_, change, text) => {
    const health = healthFrom(change(good), journal)
    expect(said(health)).toEqual([expect.stringContaining(text)])
    expect(health).toMatchObject({ changes: 1, verdict: { status: 'needs-work' } })
    const finding = health.compared.find(({ same }) => same === false)?.finding
    expect(finding?.evidence.map(({ quote }) => quote)).not.toEqual([null, null])
    expect(finding?.fix?.text).not.toBe('')
  })

  it('is reported once for each of several changes, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 4, 5, 6, 8, 9], { minLength: 1 }), (picked) => {
        const pairs = picked.map((index) => DRIFTS[index]).filter((one) => one !== undefined)
        const changed = pairs.reduce((facts, [, change]) => change(facts), good)
        const health = healthFrom(changed, journal)
        expect(health.changes).toBe(pairs.length)
        for (const [, , text] of pairs) expect(said(health).filter((line) => line.includes(text))).toHaveLength(1)
        const codes = health.compared.map(({ finding }) => findingKey(finding))
        expect(new Set(codes).size).toBe(codes.length)
      }),
      { numRuns: 60 },
    )
  })

  it('names a card that moved, by its ids, or that is gone', () => {
    const health = healthFrom(moved(good, '0000:04:', '0000:05:'), journal)
    expect(said(health)[0]).toBe('04:00.0 is now 05:00.0: Quadro M4000 has moved.')
    expect(health.verdict.status).toBe('needs-work')
    const pulled = { ...good, devices: good.devices.filter((device) => !device.address.startsWith('0000:04:')) }
    expect(said(healthFrom(pulled, journal))[0]).toBe('Quadro M4000, which was at 04:00.0, is not there any more.')
    expect(healthFrom(pulled, journal).verdict.status).toBe('blocked')
    const swapped = {
      ...good,
      devices: good.devices.map((device) => (device.address === CARD ? { ...device, subsystem: '1043:8508' } : device)),
    }
    expect(said(healthFrom(swapped, journal))[0]).toBe(
      'Quadro M4000, which was at 04:00.0, is not there any more. 04:00.0 holds Quadro M4000 now.',
    )
  })

  it('does not take a twin in another slot for the card', () => {
    const card = good.devices.find((device) => device.address === CARD)
    if (card === undefined) throw new Error('no card')
    const twins = ['0000:06:00.0', '0000:07:00.0'].map((address) => ({ ...card, address }))
    expect(healthFrom({ ...good, devices: [...good.devices, ...twins] }, journal).changes).toBe(0)
    const without = good.devices.filter((device) => device.address !== CARD)
    expect(said(healthFrom({ ...good, devices: [...without, ...twins] }, journal))[0]).toBe(
      'Quadro M4000 is not at 04:00.0 any more; functions with its ids are at 06:00.0 and at 07:00.0.',
    )
  })

  it('tells a card that moved from the twin that is at its address by now', () => {
    const card = good.devices.find((device) => device.address === CARD)
    if (card === undefined) throw new Error('no card')
    const twin = { ...card, parent: '0000:00:02.0' }
    const shifted = moved(good, '0000:04:', '0000:05:')
    expect(said(healthFrom({ ...shifted, devices: [...shifted.devices, twin] }, journal))[0]).toBe(
      '04:00.0 is now 05:00.0: Quadro M4000 has moved.',
    )
    const others = good.devices.filter((device) => device.address !== CARD)
    expect(said(healthFrom({ ...good, devices: [...others, twin] }, journal))).toEqual([
      '04:00.0 is Quadro M4000, but behind other ports than it was.',
    ])
  })

  it('is unknown where a fact cannot be read', () => {
    const path = '/etc/modprobe.d/blacklist.conf'
    const hidden = { ...good, files: { ...good.files, [path]: { unknown: `${path}: EACCES` } } }
    expect(healthFrom(hidden, journal)).toMatchObject({ changes: 0, verdict: { status: 'unknown' } })
    const dark = healthFrom({ ...good, qemu: { unknown: 'exit code 1' } }, journal)
    expect(said(dark)).toEqual(['QEMU cannot be read, so it was not compared.'])
  })

  it('that a step wrote or undid counts as the admin’s own, and asks for nothing', async () => {
    const { studio } = await proven()
    await studio.shutDownVm()
    const { choices } = studio.current.saved
    await studio.choose({ ...choices, definition: { ...choices.definition, memoryMiB: 4096 } })
    await studio.apply(studio.viewOf('definition').plan.id, null)
    const { health } = studio.current
    expect(health).toMatchObject({ changes: 0, verdict: { status: 'ok' } })
    const own = health?.compared.filter(({ same }) => same === false).map(({ finding }) => finding)
    expect(own?.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass'])
    expect(own?.map(({ text }) => text).join(' ')).toMatch(
      /start-vm\.sh was written anew by step 8 on .*, as you asked/u,
    )
    await studio.undo({ kind: 'step', step: 'kernel' })
    const undone = studio.current.health?.compared.find(({ what }) => what === OWN_FILES.modulesLoad)
    expect(undone?.finding.status).toBe('pass')
    expect(undone?.finding.text).toContain('was taken back for step 2')
  })

  it('of this program’s files is reported also without a proof', () => {
    const facts = withText({ ...good, proofs: NO_PROOFS }, OWN_FILES.modulesLoad, 'f'.repeat(64))
    expect(healthFrom(facts, journal)).toMatchObject({ proven: null, changes: 1, verdict: { status: 'needs-work' } })
  })

  it('is measured from the newest proof', async () => {
    const { studio, host } = await proven()
    const file = { mode: 0o644, uid: 0, gid: 0 }
    await host.writeAtomic('/etc/modprobe.d/nvidia.conf', new TextEncoder().encode('softdep\n'), file)
    await studio.recheck()
    expect(studio.current.health?.changes).toBe(1)
    await studio.shutDownVm()
    await studio.startVm()
    expect(studio.current.health).toMatchObject({ changes: 0, verdict: { status: 'ok' } })
  })
})

describe('the UEFI image of the VM', () => {
  const code = '/usr/share/OVMF/OVMF_CODE.fd'
  const stamp = { bytes: 3_653_632, modified: '2023-12-02T10:00:00.000Z' }

  function withImage(now: FileStamp | null, path = code): Facts {
    const { baseline } = good.proofs
    if (good.qemu === null || isUnknown(good.qemu) || baseline === undefined) throw new Error('nothing proven')
    const firmware = good.qemu.firmware.map((one) => (one.code === path ? { ...one, stamp: now } : one))
    const proofs = { ...good.proofs, baseline: { ...baseline, firmware: { path, stamp } } }
    return { ...good, qemu: { ...good.qemu, firmware }, proofs }
  }

  it('is the same while its length and its last write are', () => {
    expect(said(healthFrom(withImage(stamp), journal))).toEqual([])
  })

  it('is reported when its package was reinstalled, or when it is gone', () => {
    const newer = { bytes: 3_653_632, modified: '2025-02-14T08:00:00.000Z' }
    expect(said(healthFrom(withImage(newer), journal))).toEqual([
      `UEFI of the VM is ${code} of 2025-02-14, 3653632 bytes, it was ${code} of 2023-12-02, 3653632 bytes.`,
    ])
    expect(said(healthFrom(withImage(stamp, '/usr/share/OVMF/other.fd'), journal))[0]).toMatch(
      /^UEFI of the VM is gone; /u,
    )
  })
})
