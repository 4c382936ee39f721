import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { cardsOf } from '#core/units/units.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { FindingStatus } from '#shared/wizard/finding.ts'
import type { GpuTruth, Truth } from '../hosts/machine-file.ts'
import { type RecordedMachine, recordedMachines } from '../hosts/recorded-machines.ts'

const MACHINES = recordedMachines()

async function conclude(machine: RecordedMachine): Promise<Truth> {
  const facts = await factsFrom(simulated(machine.description))
  const platform = stepView(facts, 'platform')
  return {
    platform: platformWord(facts, platform),
    interruptRemapping: machine.truth.interruptRemapping === null ? null : remapped(platform),
    gpus: cardsOf(facts).map((card) => gpuWord(card)),
  }
}

function statusOf(view: StepView, code: string): FindingStatus | undefined {
  return view.findings.find((finding) => finding.code === code)?.status
}

function platformWord(facts: Facts, view: StepView): Truth['platform'] {
  const iommu = view.findings.find((finding) => finding.code === 'iommu')
  if (iommu?.status === 'pass') return 'on'
  if (iommu?.status !== 'fail') return 'unknown'
  if (iommu.fix?.step === 'boot') return 'kernel-off'
  return facts.cpu.hypervisor ? 'virtual' : 'firmware-off'
}

function remapped(view: StepView): boolean | null {
  const status = statusOf(view, 'interrupt-remapping')
  return status === 'unknown' ? null : status === 'pass'
}

function gpuWord(card: UnitView): GpuTruth {
  const functions = card.functions.map((device) => device.address)
  return {
    address: card.address,
    status: card.verdict.status,
    reasons: [...new Set(card.verdict.reasons.map((reason) => reason.code))].sort(),
    functions,
    foreign: [...card.foreignEndpoints].sort(),
    identical: [...card.identicalTo].sort(),
  }
}

/** `field: said, not wanted` for every field that differs. */
function disagreements(machine: RecordedMachine, said: Truth): string[] {
  const { truth } = machine
  const rows: [string, unknown, unknown][] = [
    ['platform', said.platform, truth.platform],
    ['interruptRemapping', said.interruptRemapping, truth.interruptRemapping],
    ['gpus', said.gpus.map((gpu) => gpu.address).sort(), truth.gpus.map((gpu) => gpu.address).sort()],
    ...truth.gpus.flatMap((wanted) =>
      gpuRows(
        wanted,
        said.gpus.find((gpu) => gpu.address === wanted.address),
      ),
    ),
  ]
  return rows.flatMap(([field, got, wanted]) => {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
    return a === b ? [] : [`${machine.name} ${field}: ${a}, but the truth is ${b}`]
  })
}

function gpuRows(wanted: GpuTruth, said: GpuTruth | undefined): [string, unknown, unknown][] {
  if (said === undefined) return []
  const fields = ['status', 'reasons', 'functions', 'foreign', 'identical'] as const
  return fields.map((field) => [`${wanted.address} ${field}`, sorted(said[field]), sorted(wanted[field])])
}

function sorted(value: string | string[]): string | string[] {
  return typeof value === 'string' ? value : [...value].sort()
}

describe('every described host is judged as its file says', () => {
  it('there are enough described hosts, all different', () => {
    expect(MACHINES.length).toBeGreaterThanOrEqual(25)
    expect(new Set(MACHINES.map((machine) => machine.name)).size).toBe(MACHINES.length)
  })

  it.each(MACHINES.map((machine) => [machine.name, machine] as const))('on %s', async (_, machine) => {
    const said = await conclude(machine)
    const open = disagreements(machine, said)
    const cards = said.gpus.map((gpu) => `${gpu.address.slice(5)} ${gpu.status}`).join(', ')
    console.log(`${open.length === 0 ? 'agrees   ' : 'DIFFERS  '} ${machine.name}: ${said.platform}; ${cards}`)
    expect(open).toEqual([])
  })
})
