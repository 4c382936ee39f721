import { lackingPages } from '#core/definition/compute/huge-pages.ts'
import { decideMemory } from '#core/definition/compute/size.ts'
import { vmUser } from '#core/definition/definition.ts'
import { citeProof } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { functionLine, type GuestFunction, isFunction } from '#shared/facts/guest-report.ts'
import { HUGE_PAGE_MIB } from '#shared/facts/huge-pages.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { noCard } from '../cards/no-card.ts'
import { tapChanges } from '../network/network.ts'
import { chosenBridge } from '../network/new-bridge.ts'
import { fail, fixInStep, pass, reversible, type Step } from '../step.ts'
import { atStart } from './at-start.ts'
import { seeAndType } from './display-and-input.ts'
import { nodeAccess } from './node-access.ts'
import { otherVms } from './other-vms.ts'

export const launch: Step = {
  id: 'launch',
  title: 'Launch',
  paper: {
    did: 'The paper boots the VM and shows a picture of GPU-Z.',
    we: 'The start checks steps 6 and 8 again. The guest itself then reports the functions it sees; vendor, device and class have to be those of the card.',
  },
  gates: [
    { step: 'verify', holds: 'Step 6 still holds: the card is ready.' },
    { step: 'definition', holds: 'Step 8 still holds: the VM is defined and accepted.' },
  ],
  check: (situation) => [...otherVms(situation), ...atStart(situation), ...seeAndType(situation)],
  plan: (situation) =>
    reversible([...access(situation), ...nodeAccess(situation), ...ownTap(situation), ...hugePages(situation)], false),
  verify: (situation) => [report(situation)],
}

/** Plans access to each /dev/vfio/<group>, which is root's after each boot, for the VM's user. */
function access({ facts, taken }: Situation): PlannedChange[] {
  const user = vmUser(facts)
  if (user === null) return []
  const groups = taken.flatMap((unit) => unit.groups)
  const closed = facts.vfioNodes.filter((node) => groups.includes(node.group) && node.uid !== user.uid)
  return closed.map((node) => ({
    change: { kind: 'grant-device-access', group: node.group, uid: user.uid, expected: { uid: node.uid } },
    reason: `Lets ${user.name} open /dev/vfio/${node.group}, until the next reboot or undo.`,
    before: null,
  }))
}

/** Plans the VM's tap, which does not outlive a reboot. The proof guest has no network and needs none. */
function ownTap({ facts, choices }: Situation): PlannedChange[] {
  const bridge = chosenBridge(facts, choices)
  if (bridge === null || choices.definition.profile === 'proof-guest') return []
  return tapChanges(facts, choices, bridge.name)
}

/** Plans the limit of huge pages, which is gone after each reboot. */
function hugePages({ facts, choices }: Situation): PlannedChange[] {
  const memoryMiB = decideMemory(facts, choices.definition).value
  const lacking = lackingPages(facts, choices, memoryMiB)
  if (lacking === null) return []
  const { pages, limit } = lacking
  return [
    {
      change: { kind: 'reserve-huge-pages', pages, expected: { limit } },
      reason: `${memoryMiB} MiB for the VM in pages of ${HUGE_PAGE_MIB} MiB. The kernel makes them when the VM starts and has them back when it ends.`,
      before: null,
    },
  ]
}

const SOURCES = { serial: 'serial port of', agent: 'guest agent of' } as const

function report(situation: Situation): Finding {
  const { facts, card, taken } = situation
  const { guestReport } = facts.proofs
  if (card === null) return noCard(situation, 'guest-report')
  if (guestReport === null)
    return fail('guest-report', 'No guest has reported the card yet.', [], fixInStep('launch', 'Start the VM.'))
  const lines = guestReport.functions.map(functionLine)
  const seen = [citeProof(`${SOURCES[guestReport.source]} "${guestReport.vm}", ${guestReport.at}`, lines.join('\n'))]
  const given = taken.flatMap(passedFunctions)
  const lacking = missingInGuest(given, guestReport.functions)
  if (lacking.length > 0)
    return fail('guest-report', `The guest does not see ${lacking.map(shortAddress).join(' and ')}.`, seen)
  const who = guestReport.simulated ? 'A simulated guest' : 'The guest'
  return pass(
    'guest-report',
    `${who} reports all ${given.length} functions of ${taken.map(({ name }) => name).join(' and ')}.`,
    seen,
  )
}

/** Addresses of functions that the guest did not list; each listed one counts once. */
function missingInGuest(given: readonly Device[], seen: readonly GuestFunction[]): string[] {
  const left = [...seen]
  return given
    .filter((device) => {
      const at = left.findIndex((found) => isFunction(found, device))
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
    .map((device) => device.address)
}
