import type { Facts } from '#shared/facts/facts.ts'
import { type Device, isGpu, shortAddress } from '#shared/facts/pci.ts'
import type { Standing } from '#shared/ipc/leftover.ts'
import { passedFunctions, type ReservedView } from '#shared/units/unit-view.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { type CommandLine, commandLineOf, type Starting } from '../driver-lines.ts'

/** A host, what it boots by default, and what it is to do without. */
export type Reserving = Starting & { reserved: readonly ReservedView[] }

/** What a line is judged by: the host, what it boots with, and what of it step 5 binds. */
export interface JudgedHost {
  facts: Facts
  cmdline: CommandLine
  /** Addresses of functions that are bound before any VM starts. */
  bound: ReadonlySet<string>
  /** Addresses of functions that the host has until their VM starts. */
  lent: ReadonlySet<string>
}

/** A judgement of one line. */
export interface Judged {
  does: string
  standing: Standing
  why: string
  step: StepId | null
}

export function judgedHost({ facts, defaultEntry, reserved }: Reserving): JudgedHost {
  const addresses = (units: readonly ReservedView[]) =>
    new Set(units.flatMap((unit) => passedFunctions(unit).map(({ address }) => address)))
  return {
    facts,
    cmdline: commandLineOf({ facts, defaultEntry }),
    bound: addresses(reserved.filter(({ when }) => when !== 'vm')),
    lent: addresses(reserved.filter(({ when }) => when === 'vm')),
  }
}

export function harmless(does: string, why: string): Judged {
  return { does, standing: 'harmless', why, step: null }
}

export function inTheWay(does: string, why: string): Judged {
  return { does, standing: 'in-the-way', why, step: null }
}

/** Judges what gives these devices to vfio-pci at each boot, by itself. */
export function judgeTaking(does: string, taken: readonly Device[], { bound, lent }: JudgedHost): Judged {
  if (taken.length === 0) return harmless(does, 'No device of this host is meant.')
  const kept = taken.filter(({ address }) => !bound.has(address))
  if (kept.length === 0)
    return inTheWay(
      does,
      'It takes only what step 5 binds anyway, but it would also keep it from the host after that is undone.',
    )
  const why = kept.every(({ address }) => lent.has(address))
    ? `The host is to have ${namesOf(kept)} until a VM starts, and would not.`
    : `It takes ${namesOf(kept)} from the host, and step 4 does not reserve it.`
  return inTheWay(does, why)
}

/** `00:02.0 and 2 more`. */
export function namesOf(devices: readonly Device[]): string {
  const names = [...devices].sort((a, b) => Number(isGpu(b)) - Number(isGpu(a))).map((one) => shortAddress(one.address))
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(' and ')
}
