import { initramfsName, loaderName } from '#core/boot/adapters.ts'
import { displayView } from '#core/definition/display/display.ts'
import { joinableBridges } from '#core/definition/network/bridges.ts'
import { viewDefinition } from '#core/definition/view.ts'
import type { Situation } from '#core/situation.ts'
import { leftoverArgs } from '#core/steps/boot/leftovers.ts'
import { displayContext } from '#core/steps/launch/display-and-input.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { lspciBlocks } from '#shared/facts/lspci-blocks.ts'
import { classWords, deviceName, shortAddress } from '#shared/facts/pci.ts'
import type { Snapshot, StepView } from '#shared/ipc/snapshot.ts'
import { changeText } from '#shared/plan/change.ts'
import { type JournalEntry, mayBeLeft, unconfirmedNetwork } from '#shared/plan/journal.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import type { StudioState } from '../engine-state.ts'
import { viewOf } from '../privilege/privilege.ts'
import type { Studio } from '../studio.ts'

export interface TrayState {
  available: boolean
  text: string
}

/** Returns everything the window shows, from the engine's state. Null until the host has been looked at. */
export function snapshotOf(studio: Studio, tray: TrayState): Snapshot | null {
  const state = studio.current
  const { situation, steps, saved, health } = state
  if (situation === null || health === null || steps.length === 0) return null
  const { facts } = situation
  const { choices, cards, units, card, taken, missing, reserved, written: vms } = situation
  return {
    hostKind: studio.session.host.kind,
    hostname: facts.host.hostname,
    hostLine: hostLine(facts, card, saved.choices.definition.name),
    checkedAt: facts.takenAt,
    phase: state.phase,
    steps: [...steps],
    choices,
    cards: [...cards],
    furtherUnits: furtherUnits(units),
    virtualCards: virtualCards(facts),
    reserved: reserved.map(({ address, name, when, functions }) => {
      return { address, name, when, functions: functions.map((device) => device.address) }
    }),
    lost: situation.lost.map(({ address, identity, movedTo }) => ({ address, identity, movedTo: movedTo[0] ?? null })),
    groupMates: groupMates(facts, units),
    cardLspci: unitsLspci(facts, reserved.length === 0 ? cards.slice(0, 1) : reserved),
    bootTools: {
      loaders: facts.boot.loaders.map(({ id, evidence }) => ({ id, name: loaderName(id), evidence })),
      initramfs: facts.boot.initramfs.map(({ id, evidence }) => ({ id, name: initramfsName(id), evidence })),
      leftovers: leftoverArgs(situation),
    },
    definition: viewDefinition({ facts, choices, card, taken, missing, reserved, vms }),
    display: displayOf(situation),
    viewer: viewerTitle(studio),
    vm: state.vm,
    vms: [...state.vms],
    selectionEpoch: state.selectionEpoch,
    proof: saved.proofs.guestReport,
    health,
    privilege: viewOf(studio.session.privilege),
    offerSimulation: studio.session.host.kind === 'real' && cannotPassThrough(steps),
    focus: focusOf(state),
    notice: state.notice,
    bridges: joinableBridges(facts).map((link) => link.name),
    ...wayBack(state),
    unkept: unconfirmedNetwork(state.journal) === null ? null : { until: facts.network.guard?.until ?? null },
    tray,
  }
}

function wayBack({ journal, journalTroubles }: StudioState): Pick<Snapshot, 'leftOver' | 'barred' | 'journalTroubles'> {
  return {
    leftOver: journal.filter(mayBeLeft).map(leftOver),
    barred: journalTroubles.find(({ code }) => code === 'journal-doubt')?.text ?? null,
    journalTroubles: [...journalTroubles],
  }
}

function leftOver({ change, failed }: JournalEntry): Snapshot['leftOver'][number] {
  return { text: changeText(change), why: failed?.why ?? '' }
}

function viewerTitle(studio: Studio): string | null {
  return studio.viewer()?.title ?? null
}

function displayOf(situation: Situation): Snapshot['display'] {
  const context = displayContext(situation)
  return context === null ? null : displayView(context)
}

function hostLine(facts: Facts, card: UnitView | null, vm: string): string {
  const gpu = card === null ? 'no card chosen' : `${card.name} at ${shortAddress(card.address)}`
  return `${facts.host.osName} · ${gpu} · VM "${vm}"`
}

function unitsLspci({ lspci }: Facts, units: readonly UnitView[]): string | null {
  if (lspci === null || units.length === 0) return null
  return lspciBlocks(
    lspci,
    units.flatMap(({ functions }) => functions.map((device) => device.address)),
  )
}

function furtherUnits(units: readonly UnitView[]): Snapshot['furtherUnits'] {
  return units
    .filter(({ kind }) => kind === 'device')
    .map(({ address, name, functions, foreignEndpoints, iommuGroup, verdict }) => {
      const [lead] = functions
      const kind = lead === undefined ? '' : classWords(lead.classId)
      return {
        ...{ address, foreignEndpoints, iommuGroup },
        title: kind === '' || name.includes(kind) ? name : `${kind}: ${name}`,
        functions: functions.map((device) => device.address),
        status: verdict.status,
        text: verdict.reasons[0]?.text ?? '',
      }
    })
}

function virtualCards({ devices }: Facts): Snapshot['virtualCards'] {
  return devices.flatMap(({ sriov, address, driver, ...device }) =>
    sriov === null ? [] : [{ ...sriov, address, driver, title: deviceName(device) }],
  )
}

function groupMates(facts: Facts, units: readonly UnitView[]): Snapshot['groupMates'] {
  const addresses = new Set(units.flatMap((unit) => unit.foreignEndpoints))
  const mates = facts.devices.filter((device) => addresses.has(device.address))
  return mates.map(({ address, classId }) => ({ address, kind: classWords(classId) }))
}

/** Returns whether the host cannot pass a GPU through, whatever its admin clicks here. */
function cannotPassThrough(steps: readonly StepView[]): boolean {
  return steps.some((step) => (step.id === 'platform' || step.id === 'cards') && step.verdict.status === 'blocked')
}

/** Returns the step a reboot interrupted, unless it is done; else the first that is not. */
function focusOf(state: StudioState): StepId {
  const open = state.steps.find((step) => step.verdict.status !== 'ok')
  const { phase, resumedAt } = state
  if (phase.kind === 'needs-reboot') return phase.step
  return resumedAt ?? open?.id ?? 'launch'
}
