import { describe, expect, it } from 'vitest'
import { evaluateSteps } from '#app/evaluate-steps.ts'
import { deviceRows } from '#app/views/device-rows.ts'
import { topologyOf } from '#app/views/topology.ts'
import { type Situation, situationOf } from '#core/situation.ts'
import { type Description } from '#host/simulated/description.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { FakeHost } from '../host-script/fake-host.ts'

const CARD = '0000:04:00'
const MATE = '0000:07:00.0'
const GROUP = 20

/** The paper's workstation with one more device in the card's group, on a driver; `cardDriver` has the card. */
function withMate(driver: string, deviceClass: string, cardDriver: string | null): Description {
  const devices = PAPER_WORKSTATION.devices.map((device) =>
    cardDriver !== null && device.address.startsWith(CARD) ? { ...device, driver: cardDriver } : device,
  )
  const mate = { address: MATE, ids: '1234:5678', class: deviceClass, kind: 'Mate', name: 'Mate', group: GROUP, driver }
  return { ...PAPER_WORKSTATION, devices: [...devices, mate] }
}

/** Whether each room of the program says that the mate is in the way. */
async function saying(driver: string, deviceClass: string) {
  const facts = await paperFacts(withMate(driver, deviceClass, null))
  const choices = choosing({ cards: reserving(`${CARD}.0`) })
  const situation = situationOf(facts, choices)
  return {
    judge: situation.card?.verdict.reasons.find(({ address }) => address === MATE)?.code ?? null,
    step4: fails(situation, 'card-group'),
    step5: fails(situation, 'bind-card'),
    map: topologyOf(situation).nodes.find(({ address }) => address === MATE)?.mark?.kind ?? null,
    devices: deviceRows(situation).find(({ address }) => address === `${CARD}.0`)?.availability,
    script: await refusedByScript(driver),
  }
}

function fails(situation: Situation, code: string): boolean {
  const findings = evaluateSteps(situation, []).flatMap((view) => view.findings)
  return findings.some((finding) => finding.code === code && finding.status === 'fail')
}

/** Root's script looks at the host for itself before it takes a card. */
async function refusedByScript(driver: string): Promise<boolean> {
  const host = await FakeHost.make(await temporaryDirectory('vm'), ['dash'])
  await host.addMate('0000:01:00.2', driver)
  const { exitCode, said } = await host.run('take')
  expect(exitCode === 0 || said.includes(`is on ${driver}`)).toBe(true)
  return exitCode !== 0
}

const NOTHING = { judge: null, step4: false, step5: false, map: null, devices: 'ready', script: false }
const BLOCKED = { step4: true, step5: true, script: true }
const SHARED = { ...BLOCKED, judge: 'group-shared', map: 'shares', devices: 'needs-work' }
const HELD = { ...BLOCKED, judge: 'group-held', map: 'blocker', devices: 'host' }

describe('a device that shares the card’s IOMMU group', () => {
  it.each(['pci-stub', 'xe-vfio-pci', VFIO_PCI])(
    'does not block the group on %s, and every room says so',
    async (driver) => {
      expect(await saying(driver, '088000')).toEqual(NOTHING)
    },
  )

  it('blocks the group on a driver of the host, and every room says so', async () => {
    expect(await saying('snd_hda_intel', '040300')).toEqual(SHARED)
  })

  it.each([
    ['an ISA bridge whose driver VFIO refuses', 'lpc_ich', '060100'],
    ['the management engine', 'mei_me', '078000'],
  ])('keeps the group with the host as %s, and every room says so', async (_, driver, deviceClass) => {
    expect(await saying(driver, deviceClass)).toEqual(HELD)
  })
})
