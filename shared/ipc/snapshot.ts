import { z } from 'zod'
import { guestReport } from '../facts/guest-report.ts'
import { plan } from '../plan/plan.ts'
import { when } from '../units/reserved-unit.ts'
import { unitStatus, unitView } from '../units/unit-view.ts'
import { vmEntry, vmStatus } from '../vm/vm.ts'
import { choices } from '../wizard/choices.ts'
import { displayView } from '../wizard/display.ts'
import { finding, verdict } from '../wizard/finding.ts'
import { hostText } from '../wizard/host-text.ts'
import { stepId } from '../wizard/step-id.ts'
import { definitionView } from './definition-view.ts'
import { health } from './health.ts'
import { privilegeView } from './helper-view.ts'
import { phase } from './phase.ts'

/** One page of the wizard, ready to be shown. */
const stepView = z.strictObject({
  id: stepId,
  number: z.number().int(),
  title: z.string(),
  verdict,
  findings: z.array(finding),
  plan,
  planAsScript: z.string(),
  /** Changes of this step that the journal can take back. */
  undoable: z.number().int(),
  paper: z.strictObject({ did: z.string(), we: z.string() }),
  /** Null: this distribution has nothing of its own for the step. */
  hostText: hostText.nullable(),
})
export type StepView = z.infer<typeof stepView>

export const journalRow = z.strictObject({
  /** Which change it is. */
  tx: z.string(),
  index: z.number().int(),
  at: z.string(),
  step: stepId,
  text: z.string(),
  state: z.enum(['in force', 'taken back', 'unfinished', 'not taken back', 'left as it is']),
  note: z.string().nullable(),
  diff: z.string().nullable(),
  /** Undo tried it and could not, so the admin may leave it as it is. */
  mayBeLeft: z.boolean(),
})
export type JournalRow = z.infer<typeof journalRow>

/** A further unit in few words: a server has hundreds of them. */
const furtherUnit = z.strictObject({
  address: z.string(),
  title: z.string(),
  functions: z.array(z.string()),
  /** What shares its IOMMU groups, for a choice to let it go along. */
  foreignEndpoints: z.array(z.string()),
  iommuGroup: z.number().int().nullable(),
  status: unitStatus,
  text: z.string(),
})

/** A physical function of SR-IOV. `driver`: the host's, which makes virtual ones; null: it has none. */
const virtualCard = z.strictObject({
  address: z.string(),
  title: z.string(),
  driver: z.string().nullable(),
  total: z.number().int(),
  now: z.number().int(),
})

/** A boot loader or initramfs generator that was found, for a choice between several. */
const foundTool = z.strictObject({ id: z.string(), name: z.string(), evidence: z.string() })
export type FoundTool = z.infer<typeof foundTool>

/** An argument that an earlier guide had somebody add to the command line, and what it does. */
const leftoverArg = z.strictObject({ token: z.string(), text: z.string() })
export type LeftoverArg = z.infer<typeof leftoverArg>

/** Everything the window shows. Main sends a whole one on each change. */
export const snapshot = z.strictObject({
  hostKind: z.enum(['real', 'recorded', 'simulated']),
  hostname: z.string(),
  hostLine: z.string(),
  checkedAt: z.string(),
  phase,
  steps: z.array(stepView),
  choices,
  cards: z.array(unitView),
  /** Units beside the cards that VMs could take, with what the judge says. */
  furtherUnits: z.array(furtherUnit),
  /** Cards that can have virtual functions, and how many. */
  virtualCards: z.array(virtualCard),
  /** What is reserved, by the address of each unit. */
  reserved: z.array(z.strictObject({ address: z.string(), name: z.string(), when, functions: z.array(z.string()) })),
  /** What was reserved and is not at its address any more; `movedTo` null: it is nowhere. */
  lost: z.array(
    z.strictObject({ address: z.string(), identity: z.string().nullable(), movedTo: z.string().nullable() }),
  ),
  /** Endpoints that share an IOMMU group with some card, and their kind in words. */
  groupMates: z.array(z.strictObject({ address: z.string(), kind: z.string() })),
  /** `lspci -nnk` of what is reserved; null without lspci or without a card. */
  cardLspci: z.string().nullable(),
  bootTools: z.strictObject({
    loaders: z.array(foundTool),
    initramfs: z.array(foundTool),
    /** Arguments of earlier guides in what boots by default. */
    leftovers: z.array(leftoverArg),
  }),
  /** What step 8 offers; null while QEMU is not known. */
  definition: definitionView.nullable(),
  /** How the guest is seen and typed into; null while there is no VM, and for the proof guest. */
  display: displayView.nullable(),
  /** The program of this host that shows the guest, by its title; null: there is none, or nothing really runs. */
  viewer: z.string().nullable(),
  /** The selected VM; null: there is none to be driven yet. */
  vm: vmStatus.nullable(),
  /** All VMs of this host, by name. */
  vms: z.array(vmEntry),
  /** Grows whenever another VM is selected: what was being typed was about the former. */
  selectionEpoch: z.number().int(),
  proof: guestReport.nullable(),
  health,
  privilege: privilegeView,
  offerSimulation: z.boolean(),
  /** Step the window should open on: the one a reboot interrupted, else the first that is not ok. */
  focus: stepId,
  notice: z.string().nullable(),
  /** Bridges of the host a VM may join. */
  bridges: z.array(z.string()),
  /** Changes that undo tried to take back and could not. */
  leftOver: z.array(z.strictObject({ text: z.string(), why: z.string() })),
  /** Why nothing can be changed before the journal is dealt with; null: it bars nothing. */
  barred: z.string().nullable(),
  /** What is wrong with the journal, if anything. */
  journalTroubles: z.array(finding),
  /** A new network that waits to be kept; `until` null: its timer is gone, e.g. by a reboot, and it stays. */
  unkept: z.strictObject({ until: z.string().nullable() }).nullable(),
  tray: z.strictObject({ available: z.boolean(), text: z.string() }),
})
export type Snapshot = z.infer<typeof snapshot>
