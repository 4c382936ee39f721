import { describe, expect, it } from 'vitest'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { paperFacts, SPARE_NVME, withDevice } from '#host/simulated/paper/facts.fixture.ts'
import { SHARING_CARD, VIRTUAL_FUNCTIONS, withVirtualFunctions } from '#host/simulated/paper/virtual.fixture.ts'
import type { Claim, Facts, Holder } from '#shared/facts/facts.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { UnitReason } from '#shared/units/unit-view.ts'
import { cardsOf, unitsOf } from './units.ts'

const SOUND = '0000:00:1b.0'
const CARD = '0000:04:00.0'

function reasonsAt(facts: Facts, address: string): UnitReason[] {
  const unit = unitsOf(facts, cardsOf(facts)).find((candidate) => candidate.address === address)
  if (unit === undefined) throw new Error(`no unit at ${address}`)
  return [...unit.verdict.reasons, ...unit.verdict.lesser]
}

function claimed(facts: Facts, claim: Claim): Facts {
  return { ...facts, claims: [claim] }
}

const holding = (node: string, name: string, user: string): Holder => ({ pid: 77, name, user, node, address: SOUND })

describe('the judge', () => {
  it('names the mate in the group that the host needs, and what for', async () => {
    const { address } = SPARE_NVME
    const claim = { address, kind: 'storage', detail: '/ is mounted from it (/dev/nvme0n1)', certain: true } as const
    const facts = claimed(await paperFacts(withDevice(SPARE_NVME)), { ...claim, stop: null })
    expect(reasonsAt(facts, CARD)[0]).toMatchObject({
      ...{ code: 'host-needs-storage', status: 'blocked' },
      text: `NVMe controller ${shortAddress(address)} shares its IOMMU group, but / is mounted from it (/dev/nvme0n1).`,
    })
  })

  it('calls what the host can end work to be done, and says how', async () => {
    const stop = 'Take eth1 out of br0 first.'
    const claim = { address: SOUND, kind: 'network', detail: 'eth1 is a part of br0', certain: true, stop } as const
    const [reason] = reasonsAt(claimed(await paperFacts(), claim), SOUND)
    expect(reason).toMatchObject({ code: 'host-uses-network', status: 'needs-work' })
    expect(reason?.text).toContain(`but eth1 is a part of br0. ${stop}`)
  })

  it('says who has a sound card open, and how to stop it; udev, which only looks, is nobody', async () => {
    const facts = await paperFacts()
    const held = (holder: Holder) => ({ ...facts, holders: { complete: true, list: [holder] } })
    const used = reasonsAt(held(holding('/dev/snd/pcmC0D0p', 'pipewire', 'designer')), SOUND)
    expect(used.find(({ code }) => code === 'in-use')).toMatchObject({
      status: 'needs-work',
      text: expect.stringContaining('pipewire (pid 77, user designer)') as string,
    })
    const looked = reasonsAt(held(holding('/dev/snd/controlC0', 'systemd-udevd', 'root')), SOUND)
    expect(looked.map(({ code }) => code)).not.toContain('in-use')
  })

  it('keeps a card that has virtual functions, and judges each of those by itself', async () => {
    const facts = await factsFrom(simulated(withVirtualFunctions(2)))
    expect(reasonsAt(facts, SHARING_CARD).map(({ code }) => code)).toContain('has-virtual-functions')
    expect(reasonsAt(facts, VIRTUAL_FUNCTIONS[0]).map(({ code }) => code)).toEqual(['held-by-host'])
  })
})
