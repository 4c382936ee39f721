import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { situationOf } from '#core/situation.ts'
import type { DescribedDevice } from '#host/simulated/description.ts'
import { paperFacts, SPARE_NVME, TWIN, withDevice } from '#host/simulated/paper/facts.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { identityOf } from '#shared/facts/identity.ts'
import type { ReservedUnit } from '#shared/units/reserved-unit.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { STEPS } from '../index.ts'
import { platform } from '../platform/platform.ts'
import { verify } from '../verify/verify.ts'
import { cards } from './cards.ts'

describe('step 4, devices in the card’s group', () => {
  const chosen = (extra: Partial<ReservedUnit> = {}) => choosing({ cards: reserving('0000:04:00.0', extra) })
  const bindOf = (facts: Facts, choices: Choices) =>
    STEPS.find((step) => step.id === 'bind')?.plan(
      situationOf({ ...facts, kernel: { ...facts.kernel, vfioPciReady: true } }, choices),
    ).changes ?? []

  it('names an endpoint that the host can spare, and moves nothing', async () => {
    const facts = await paperFacts(withDevice(SPARE_NVME))
    const found = cards.verify(situationOf(facts, chosen())).find((finding) => finding.code === 'card-group')
    expect(found).toMatchObject({ status: 'fail', text: expect.stringContaining('NVMe controller on nvme') as string })
    expect(bindOf(facts, chosen())).toEqual([])
  })

  it('moves an endpoint along when the admin chooses it', async () => {
    const facts = await paperFacts(withDevice(SPARE_NVME))
    const choices = chosen({ companions: [SPARE_NVME.address] })
    expect(situationOf(facts, choices).card?.foreignEndpoints).toEqual([])
    const moved = bindOf(facts, choices).flatMap(({ change }) =>
      change.kind === 'bind-driver' ? [change.address] : [],
    )
    expect(moved).toEqual(['0000:04:00.1', SPARE_NVME.address, '0000:04:00.0'])
  })

  it('accepts an endpoint without a driver', async () => {
    const { address, ids, class: code, kind, name } = SPARE_NVME
    const facts = await paperFacts(withDevice({ address, ids, class: code, kind, name, group: 20 }))
    expect(cards.verify(situationOf(facts, chosen())).find((finding) => finding.code === 'card-group')?.status).toBe(
      'pass',
    )
    expect(bindOf(facts, chosen()).length).toBeGreaterThan(0)
  })

  it('says unknown, and moves nothing, when a ZFS pool may lie on an endpoint', async () => {
    const mounts = 'tank / zfs rw 0 0\n'
    const files = { ...PAPER_WORKSTATION.files, '/proc/self/mounts': mounts }
    const facts = await paperFacts({ ...withDevice(SPARE_NVME), files })
    expect(situationOf(facts, chosen()).card?.verdict).toMatchObject({
      status: 'unknown',
      reasons: [{ code: 'host-may-need-storage' }],
    })
    expect(bindOf(facts, chosen())).toEqual([])
  })

  it('refuses while the card is in use, and names pid and user', async () => {
    const facts = await paperFacts()
    const holder = { pid: 912, name: 'Xorg', user: 'designer', node: '/dev/dri/card0', address: '0000:04:00.0' }
    const held = { ...facts, holders: { complete: true, list: [holder] } }
    const found = STEPS.find((step) => step.id === 'bind')?.check(situationOf(held, chosen()))
    expect(found?.find((finding) => finding.code === 'bind-in-use')).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('Xorg (pid 912, user designer)') as string,
    })
  })

  it('says where the text console is drawn, unless none is bound to a frame buffer', async () => {
    const facts = await paperFacts()
    expect(facts.framebufferConsole).toBe(true)
    const found = cards.verify(situationOf(facts, chosen())).find((finding) => finding.code === 'card-console')
    expect(found).toMatchObject({ status: 'warn', text: expect.stringContaining('fb0') as string })
    const unbound = await paperFacts({
      files: { ...PAPER_WORKSTATION.files, '/sys/class/vtconsole/vtcon1/bind': '0\n' },
    })
    expect(cards.verify(situationOf(unbound, chosen())).map((finding) => finding.code)).not.toContain('card-console')
  })

  it('says that persistence mode of NVIDIA’s driver cannot be read, and how to switch it off', async () => {
    const facts = await paperFacts()
    const devices = facts.devices.map((device) =>
      device.address === '0000:04:00.0' ? { ...device, driver: 'nvidia' } : device,
    )
    const found = STEPS.find((step) => step.id === 'bind')?.check(situationOf({ ...facts, devices }, chosen()))
    expect(found?.find((finding) => finding.code === 'bind-persistence')).toMatchObject({
      status: 'warn',
      fix: { text: expect.stringContaining('nvidia-smi -i 0000:04:00.0 -pm 0') as string },
    })
  })

  it.each([
    ['boot', 'warn'],
    ['vm', 'fail'],
  ] as const)(
    'warns of a card known not to come back from a reset; reserved by %s it is a %s',
    async (when, status) => {
      const devices = PAPER_WORKSTATION.devices.map((device) =>
        device.address === '0000:04:00.0' ? { ...device, ids: '1002:67df', reset: 'bus' } : device,
      )
      const facts = await paperFacts({ devices })
      const found = cards.verify(situationOf(facts, chosen({ when }))).find(({ code }) => code === 'card-reset')
      expect(found).toMatchObject({ status, text: expect.stringContaining('Polaris') as string })
    },
  )

  it('refuses an address that holds another card than the chosen one, and says where that is', async () => {
    const before = await paperFacts()
    const [card] = before.devices.filter((device) => device.address === '0000:04:00.0')
    if (card === undefined) throw new Error('the described card is missing')
    const choices = chosen({ identity: identityOf(card, before.devices) })
    expect(situationOf(before, choices).card?.address).toBe('0000:04:00.0')
    const other: DescribedDevice = { ...TWIN, address: '0000:04:00.0', ids: '10de:1b80', parent: '0000:00:03.0' }
    const devices = PAPER_WORKSTATION.devices.filter((device) => !device.address.startsWith('0000:04:00'))
    const moved = { ...TWIN, subsystem: '10de:1153' }
    const after = await paperFacts({ devices: [...devices, other, moved] })
    expect(situationOf(after, choices).card).toBeNull()
    const [finding] = cards.verify(situationOf(after, choices))
    expect(finding).toMatchObject({ code: 'gpu-moved', text: expect.stringContaining('06:00.0') as string })
    expect(bindOf(after, choices)).toEqual([])
  })

  it('says of a twin at the address of the chosen card that it hangs behind other ports', async () => {
    const before = await paperFacts()
    const [card] = before.devices.filter((device) => device.address === '0000:04:00.0')
    if (card === undefined) throw new Error('the described card is missing')
    const choices = chosen({ identity: identityOf(card, before.devices) })
    const devices = PAPER_WORKSTATION.devices.map((device) =>
      device.address === card.address ? { ...device, parent: '0000:00:02.0' } : device,
    )
    const [finding] = cards.verify(situationOf(await paperFacts({ devices }), choices))
    const text =
      'What was reserved at 04:00.0 is not at this address any more: Quadro M4000 is there now, behind other ports.'
    expect(finding).toMatchObject({ code: 'gpu-moved', text })
  })
})

describe('step 1, KVM', () => {
  const kvm: [Facts['kvm']['open'], string][] = [
    ['opened', 'pass'],
    ['denied', 'fail'],
    ['no-driver', 'fail'],
    [{ unknown: '/dev/kvm: EIO' }, 'unknown'],
  ]

  it.each(kvm)('finds that /dev/kvm %j is %s', async (open, status) => {
    const facts = await paperFacts()
    const [found] = platform.verify(situation({ ...facts, kvm: { ...facts.kvm, open } }))
    expect(found).toMatchObject({ code: 'cpu-virtualization', status })
  })
})

describe('step 6, the card’s VFIO nodes', () => {
  it('wants a node for every group of the card', async () => {
    const split = PAPER_WORKSTATION.devices.map((device) =>
      device.address === '0000:04:00.1' ? { ...device, group: 21 } : device,
    )
    const facts = { ...(await paperFacts({ devices: split })), vfioNodes: [{ group: 20, uid: 0 }] }
    const found = verify.verify(situation(facts)).find((finding) => finding.code === 'verify-node')
    expect(found).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('/dev/vfio/21 does not exist') as string,
    })
  })

  it('accepts no VFIO opening of an earlier boot or of other functions', async () => {
    const facts = await paperFacts()
    const devices = facts.devices.map((device) =>
      device.address.startsWith('0000:04') ? { ...device, driver: 'vfio-pci' } : device,
    )
    const proof = { at: 'now', functions: ['0000:04:00.0', '0000:04:00.1'], opened: true, said: '' }
    const status = (boot: string, functions = proof.functions) =>
      verify
        .verify(
          situation({ ...facts, devices, proofs: { ...facts.proofs, vfioOpen: [{ ...proof, functions, boot }] } }),
        )
        .find((finding) => finding.code === 'verify-open')?.status
    expect(status(facts.host.bootId)).toBe('pass')
    expect(status('another boot')).toBe('warn')
    expect(status(facts.host.bootId, ['0000:04:00.0'])).toBe('warn')
  })
})
