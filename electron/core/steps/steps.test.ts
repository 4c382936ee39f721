import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { situationOf } from '#core/situation.ts'
import { type Description } from '#host/simulated/description.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { paperFacts, SPARE_NVME, TWIN, withDevice } from '#host/simulated/paper/facts.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { cardsOf } from '../units/units.ts'
import { boot } from './boot/boot.ts'
import { cards } from './cards/cards.ts'
import { STEPS } from './index.ts'
import { platform } from './platform/platform.ts'

describe('step 1, the IOMMU', () => {
  const table: [string, Partial<Facts['iommu']>, string, string][] = [
    ['table and groups', {}, 'pass', 'The IOMMU is on'],
    ['table, argument, no groups', { groups: [] }, 'fail', 'the kernel did not start it'],
    ['no table, no groups', { groups: [], acpiTable: null }, 'fail', 'switched off in firmware or not supported'],
    ['tables hidden, no groups', { groups: [], acpiTable: { unknown: 'hidden' } }, 'unknown', 'cannot be read'],
    ['no table, but groups', { acpiTable: null }, 'pass', 'The IOMMU is on'],
  ]

  it.each(table)('judges a host with %s', async (_what, iommu, status, words) => {
    const facts = await paperFacts()
    const found = platform.verify(situation({ ...facts, iommu: { ...facts.iommu, ...iommu } }))
    expect(found.find((finding) => finding.code === 'iommu')).toMatchObject({
      status,
      text: expect.stringContaining(words) as string,
    })
  })

  it('names the argument that switches the IOMMU off', async () => {
    const facts = await paperFacts()
    const off = {
      ...facts,
      iommu: { ...facts.iommu, groups: [] },
      kernel: { ...facts.kernel, cmdline: 'quiet intel_iommu=off' },
    }
    expect(platform.verify(situation(off))[1]?.text).toContain('intel_iommu=off')
  })

  it('does not take missing interrupt remapping for a pass', async () => {
    const facts = await paperFacts()
    const bare = { ...facts, iommu: { ...facts.iommu, interruptRemapping: false } }
    expect(platform.verify(situation(bare))[2]).toMatchObject({ status: 'fail' })
  })
})

describe('step 3, kernel arguments', () => {
  it('never adds an argument of the paper that should not be there', async () => {
    const facts = await paperFacts()
    const off = { ...facts, iommu: { ...facts.iommu, groups: [] } }
    const text = JSON.stringify(boot.plan(situation(off)))
    for (const word of [
      'enable_hd_vgaarb',
      'blacklist',
      'allow_unsafe_interrupts',
      'pcie_acs_override',
      'amd_iommu=on',
    ])
      expect(text).not.toContain(word)
  })

  it('adds nothing for a kernel that has the IOMMU on by default', async () => {
    const facts = await paperFacts()
    const byDefault = { ...facts, kernel: { ...facts.kernel, cmdline: 'quiet' } }
    expect(JSON.stringify(boot.plan(situation(byDefault)))).not.toContain('intel_iommu')
  })

  it('says unknown about a boot loader it does not know', async () => {
    const facts = await paperFacts()
    const strange = { ...facts, boot: { ...facts.boot, loaders: [] } }
    expect(boot.check(situation(strange)).find((finding) => finding.code === 'boot-loader')?.status).toBe('unknown')
    expect(boot.plan(situation(strange)).changes).toEqual([])
  })
})

describe('step 4, the card', () => {
  it('hands over the whole slot, and exempts bridges', async () => {
    const [card] = cardsOf(await paperFacts())
    expect(card?.functions.map((device) => device.address)).toEqual(['0000:04:00.0', '0000:04:00.1'])
    expect(card?.foreignEndpoints).toEqual([])
  })

  it('refuses a card whose group holds a mounted NVMe, and names both', async () => {
    const mounts = `${PAPER_WORKSTATION.files['/proc/self/mounts'] ?? ''}/dev/nvme0n1p1 /data ext4 rw 0 0\n`
    const facts = await paperFacts({
      ...withDevice(SPARE_NVME),
      files: { ...PAPER_WORKSTATION.files, '/proc/self/mounts': mounts },
      block: [...PAPER_WORKSTATION.block, { name: 'nvme0n1p1', address: SPARE_NVME.address }],
    })
    const text = cards
      .verify(situation(facts, { cards: reserving('0000:04:00.0') }))
      .map((finding) => finding.text)
      .join(' ')
    expect(cardsOf(facts)[0]?.verdict).toMatchObject({ status: 'blocked' })
    expect(text).toContain('/data')
    expect(text).toContain('Quadro M4000 at 04:00.0')
    expect(text).toContain('07:00.0 (NVMe controller')
  })

  it('predicts the 1:1 mapping refusal before any change', async () => {
    const facts = await paperFacts({ reserved: { 20: '0x00000000c0000000 0x00000000c0ffffff direct' } })
    expect(cardsOf(facts)[0]?.verdict).toMatchObject({ status: 'blocked', reasons: [{ code: 'direct-mapping' }] })
  })

  it('asks when two equal cards are there, and moves only the chosen one', async () => {
    const facts = await paperFacts(withDevice(TWIN))
    expect(situation(facts).card).toBeNull()
    const choices = choosing({ cards: reserving(TWIN.address) })
    expect(situationOf(facts, choices).card?.identicalTo).toEqual(['0000:04:00.0'])
    const ready = { ...facts, kernel: { ...facts.kernel, vfioPciReady: true } }
    const bind = STEPS.find((step) => step.id === 'bind')?.plan(situationOf(ready, choices))
    const moved = bind?.changes.flatMap(({ change }) => (change.kind === 'bind-driver' ? [change.address] : []))
    expect(moved).toEqual([TWIN.address])
  })

  it('says that a chosen card is missing', async () => {
    const facts = await paperFacts()
    const [finding] = cards.verify(situation(facts, { cards: reserving('0000:09:00.0') }))
    expect(finding).toMatchObject({ code: 'gpu-gone', status: 'fail' })
  })
})

describe('every step on a host without GPU, KVM and boot loader', () => {
  it('passes nothing for lack of evidence', async () => {
    const empty: Description = {
      ...PAPER_WORKSTATION,
      devices: [],
      files: {},
      dirs: {},
      block: [],
      net: [],
      commands: {},
      tools: [],
      links: {},
    }
    const facts = await factsFrom(simulated(empty))
    for (const step of STEPS.filter((candidate) => candidate.id !== 'network')) {
      const found = [...step.check(situation(facts)), ...step.verify(situation(facts))]
      expect(
        found.some((finding) => finding.status === 'fail' || finding.status === 'unknown'),
        step.id,
      ).toBe(true)
      expect(step.plan(situation(facts)).changes, step.id).toEqual([])
    }
  })
})

describe('step 3, with an argument that switches the IOMMU off', () => {
  it('says that it goes, and what is lacking', async () => {
    const facts = await paperFacts()
    const [found] = facts.boot.loaders
    if (found === undefined || isUnknown(found.defaultEntry)) throw new Error('the paper has a boot entry')
    const defaultEntry = { ...found.defaultEntry, cmdline: 'root=/dev/sda1 intel_iommu=off' }
    const off = { ...facts, boot: { ...facts.boot, loaders: [{ ...found, defaultEntry }] } }
    const entry = boot.verify(situation(off)).find(({ code }) => code === 'boot-entry')
    expect(entry?.status).toBe('fail')
    expect(entry?.text).toBe('The default boot entry lacks intel_iommu=on and has intel_iommu=off, which goes.')
  })
})
