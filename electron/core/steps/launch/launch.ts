import { vmUser } from '#core/definition/definition.ts'
import { lackingPages } from '#core/definition/memory/huge-pages.ts'
import { decideMemory } from '#core/definition/memory/size.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { HUGE_PAGE_MIB } from '#shared/facts/huge-pages.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { GpuView } from '#shared/ipc/snapshot.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { functionLine, type GuestFunction, isFunction } from '#shared/vm/guest-report.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'
import { passedFunctions } from '../bind/bind.ts'
import { chosenCard, noCard } from '../cards/card.ts'
import { definition } from '../definition/definition.ts'
import { tapChanges } from '../network/network.ts'
import { chosenBridge } from '../network/new-bridge.ts'
import { cite, fail, fixInStep, pass, reversible, type Step, unknown } from '../step.ts'
import { verdictOf } from '../verdict.ts'
import { verify } from '../verify/verify.ts'
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
  check: (facts, choices) => [
    gate(verify, 'Step 6 still holds: the card is ready.', facts, choices),
    gate(definition, 'Step 8 still holds: the VM is defined and accepted.', facts, choices),
    ...otherVms(facts, choices),
    ...seeAndType(facts, choices),
  ],
  plan: (facts, choices) =>
    reversible(
      [
        ...access(facts, choices),
        ...nodeAccess(facts, choices),
        ...ownTap(facts, choices),
        ...hugePages(facts, choices),
      ],
      false,
    ),
  verify: (facts, choices) => [report(facts, choices)],
}

/** The verdict of another step in one line. Waiting for a reboot does not bar a start; not knowing is said. */
function gate(step: Step, good: string, facts: Facts, choices: Choices): Finding {
  const code = `launch-${step.id}`
  const [check, proof] = [step.check(facts, choices), step.verify(facts, choices)]
  const { status, text } = verdictOf(check, proof, step.plan(facts, choices))
  const { evidence, fix } = [...check, ...proof].find((finding) => finding.text === text) ?? { evidence: [], fix: null }
  if (status === 'blocked') return fail(code, text, evidence, fix)
  if (status === 'needs-work')
    return fail(
      code,
      text,
      evidence,
      fix?.step == null ? fixInStep(step.id, `Step ${stepNumber(step.id)} comes first.`) : fix,
    )
  return status === 'unknown' ? unknown(code, text, evidence) : pass(code, good, evidence)
}

/** Each /dev/vfio/<group> belongs to root after each boot; the VM's user has to be let in, for the card and what goes along. */
function access(facts: Facts, choices: Choices): PlannedChange[] {
  const user = vmUser(facts)
  const card = chosenCard(facts, choices)
  if (user === null || card === null) return []
  const along = facts.devices.filter((device) => choices.definition.extraDevices.includes(device.address))
  const groups = [...card.groups, ...along.map((device) => device.iommuGroup)]
  const closed = facts.vfioNodes.filter((node) => groups.includes(node.group) && node.uid !== user.uid)
  return closed.map((node) => ({
    change: { kind: 'grant-device-access', group: node.group, uid: user.uid, expected: { uid: node.uid } },
    reason: `Lets ${user.name} open /dev/vfio/${node.group}, until the next reboot or undo.`,
    before: null,
  }))
}

/** A tap does not outlive a reboot either. The proof guest has no network and needs none. */
function ownTap(facts: Facts, choices: Choices): PlannedChange[] {
  const bridge = chosenBridge(facts, choices)
  if (bridge === null || choices.definition.profile === 'proof-guest') return []
  return tapChanges(facts, choices, bridge.name)
}

/** The limit is gone after each reboot. */
function hugePages(facts: Facts, choices: Choices): PlannedChange[] {
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

function report(facts: Facts, choices: Choices): Finding {
  const card = chosenCard(facts, choices)
  const { guestReport } = facts.proofs
  if (card === null) return noCard(facts, choices, 'guest-report')
  if (guestReport === null)
    return fail('guest-report', 'No guest has reported the card yet.', [], fixInStep('launch', 'Start the VM.'))
  const lines = guestReport.functions.map(functionLine)
  const seen = [cite(`${SOURCES[guestReport.source]} "${guestReport.vm}", ${guestReport.at}`, lines.join('\n'))]
  const lacking = missingInGuest(card, guestReport.functions)
  if (lacking.length > 0)
    return fail('guest-report', `The guest does not see ${lacking.map(shortAddress).join(' and ')}.`, seen)
  const who = guestReport.simulated ? 'A simulated guest' : 'The guest'
  return pass('guest-report', `${who} reports all ${passedFunctions(card).length} functions of ${card.name}.`, seen)
}

/** Addresses of functions that the guest did not list; each listed one counts once. */
function missingInGuest(card: GpuView, seen: readonly GuestFunction[]): string[] {
  const left = [...seen]
  return passedFunctions(card)
    .filter((device) => {
      const at = left.findIndex((found) => isFunction(found, device))
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
    .map((device) => device.address)
}
