import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { topologyOf } from '#app/views/topology.ts'
import { situation } from '#core/situation.fixture.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { TextHost } from '#host/text/text-host.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { topology as topologySchema } from '#shared/ipc/topology.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import { largeServer } from '../hosts/large-server.ts'
import { descriptionOf } from '../hosts/machine.ts'
import { recordedMachines } from '../hosts/recorded-machines.ts'

const MACHINES = recordedMachines()

async function factsOf(name: string): Promise<Facts> {
  const machine = MACHINES.find((candidate) => candidate.name === name)
  if (machine === undefined) throw new RangeError(name)
  return factsFrom(simulated(machine.description))
}

describe('the topology of every described host', () => {
  it.each(MACHINES.map((machine) => machine.name))(
    '%s shows all functions, and marks what blocks the chosen card',
    async (name) => {
      const facts = await factsOf(name)
      const truth = MACHINES.find((machine) => machine.name === name)?.truth.gpus ?? []
      for (const gpu of truth) {
        const drawn = topologySchema.parse(topologyOf(situation(facts, { cards: reserving(gpu.address) })))
        expect(drawn.nodes.map((node) => node.address)).toEqual(facts.devices.map((device) => device.address))
        const buses = drawn.roots.map((root) => root.bus)
        expect(drawn.nodes.filter((node) => !buses.includes(node.root))).toEqual([])
        const marked = (kind: string) => drawn.nodes.filter((node) => node.mark?.kind === kind)
        expect(marked('blocker').length > 0).toBe(gpu.status === 'blocked')
        if (gpu.reasons.includes('group-shared') && gpu.status !== 'blocked')
          expect(marked('shares').every((node) => gpu.foreign.includes(node.address))).toBe(true)
        const own = drawn.nodes.filter((node) => gpu.functions.includes(node.address))
        expect(own.every((node) => node.mark !== null)).toBe(true)
      }
    },
  )

  it('names the controller of the root filesystem where it shares the card’s group', async () => {
    const name = 'b450-gtx1060-chipset-slot'
    const card = MACHINES.find((machine) => machine.name === name)?.truth.gpus.find((gpu) => gpu.foreign.length > 0)
    const { nodes } = topologyOf(situation(await factsOf(name), { cards: reserving(card?.address ?? '') }))
    const reasons = nodes.flatMap((node) => (node.mark?.kind === 'blocker' ? node.mark.text : []))
    expect(reasons).toContainEqual(
      expect.stringMatching(/^the host needs it: .* mounted from it .*; shares group \d+ with /u),
    )
  })

  it('puts a card behind its own switch, and its sound beside it', async () => {
    const { nodes, roots } = topologyOf(
      situation(await factsOf('nuc13-arc-a770'), { cards: reserving('0000:03:00.0') }),
    )
    const at = (address: string) => nodes.find((node) => node.address === address)
    expect(at('0000:03:00.0')).toMatchObject({ parent: '0000:02:01.0', root: '0000:00', mark: { kind: 'card' } })
    expect(at('0000:04:00.0')).toMatchObject({ parent: '0000:02:04.0', mark: { kind: 'companion' } })
    expect([at('0000:00:01.0')?.kind, at('0000:02:01.0')?.kind]).toEqual(['root port', 'switch port'])
    expect(roots).toContainEqual({ bus: '0000:00', known: true })
  })

  it('draws a function whose parent is unknown at its bus, and says so', async () => {
    const { nodes, roots, gaps } = topologyOf(situation(await factsOf('two-identical-gtx480')))
    const lost = nodes.find((node) => node.parent === null && !node.address.startsWith('0000:00'))
    expect(roots.find((root) => root.bus === lost?.root)?.known).toBe(false)
    expect(gaps.join(' ')).toContain('The way from the root complex is not known')
  })
})

describe('the topology of a host of which less is known', () => {
  it('has no hierarchy from a pasted text', async () => {
    const text = readFileSync(join(import.meta.dirname, '../hosts/texts', 'lspci-plain.txt'), 'utf8')
    const { roots, gaps } = topologyOf(situation(await factsFrom(TextHost.from(text, 'x'))))
    expect(roots.filter((root) => root.known)).toEqual([])
    expect(gaps).toContain('The text does not tell what hangs on which port; functions are drawn by their bus.')
    expect(gaps).toContain('The text tells no IOMMU groups.')
  })

  it('says that the IOMMU is off, and that blockers may be missing', async () => {
    const facts = await factsOf('paper-workstation')
    expect(topologyOf(situation(facts)).gaps).toEqual(['There are no IOMMU groups: the IOMMU is off. Step 1 says why.'])
    const dark = topologyOf(situation({ ...facts, claims: { unknown: '/proc/self/mounts cannot be read' } }))
    expect(dark.gaps.at(-1)).toContain('blockers may be missing: /proc/self/mounts cannot be read')
  })

  it('says that there is no PCI, and draws nothing', async () => {
    const { nodes, roots, gaps } = topologyOf(situation({ ...(await factsOf('paper-workstation')), devices: [] }))
    expect({ nodes, roots, gaps }).toEqual({
      nodes: [],
      roots: [],
      gaps: ['The kernel of this host shows no PCI function.'],
    })
  })

  it('shows every card as one to choose while none is chosen', async () => {
    const facts = await gatherFacts(simulated(descriptionOf(largeServer(400))), NO_PROOFS)
    const { nodes, about } = topologyOf(situation(facts))
    expect(nodes.filter((node) => node.mark?.kind === 'candidate')).toHaveLength(4)
    expect(nodes.find((node) => node.address === '0000:04:00.0')?.mark?.kind).toBe('blocker')
    expect(about).toContain('No card is chosen')
  })
})
