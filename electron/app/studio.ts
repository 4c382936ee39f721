import type { ViewerCommand } from '#core/definition/display/viewer-command.ts'
import type { Situation } from '#core/situation.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { GuestReport } from '#shared/facts/guest-report.ts'
import type { DeviceRow } from '#shared/ipc/device-row.ts'
import type { DriversView } from '#shared/ipc/driver-row.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { Topology } from '#shared/ipc/topology.ts'
import type { Undone } from '#shared/plan/undone.ts'
import type { VmDisc } from '#shared/vm/disc.ts'
import type { DiskSnapshots } from '#shared/vm/disk-snapshots.ts'
import type { VmUsage } from '#shared/vm/usage.ts'
import type { VmDefinition, VmEntry, VmStatus } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { GuestReach } from '#shared/wizard/display.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import * as screen from './actions/console.ts'
import * as plans from './actions/plan.ts'
import * as run from './actions/run.ts'
import { watchSaved } from './actions/saved.ts'
import * as images from './actions/snapshots.ts'
import * as names from './actions/vm-names.ts'
import * as vms from './actions/vms.ts'
import { Engine, type Front } from './engine.ts'
import { restingPhase, type StudioState } from './engine-state.ts'
import type { Session } from './session/session.ts'
import { lspciOf, reportOf, statusOf } from './views/asked.ts'
import { deviceRows } from './views/device-rows.ts'
import { driversOf } from './views/driver-rows.ts'
import { topologyOf } from './views/topology.ts'

const NOBODY: Front = { changed: () => undefined, progress: () => undefined }

/** What window, tray and command line drive: one host, by name of what can be done with it. The work is in `actions`. */
export class Studio {
  private readonly engine: Engine
  private unwatchSaved: () => void = () => undefined

  constructor(session: Session, front: Front = NOBODY) {
    this.engine = new Engine(session, front)
  }

  get session(): Session {
    return this.engine.session
  }

  get current(): StudioState {
    return this.engine.state
  }

  /** Whether an action is under way, which must not be cut off. */
  get acting(): boolean {
    return this.engine.busy
  }

  // Steps
  open = (): Promise<void> => plans.open(this.engine)
  recheck = (): Promise<void> => this.engine.exclusively(null, () => this.engine.refresh())
  refreshInBackground = (): Promise<void> => this.engine.refreshInBackground()
  choose = (choices: Choices): Promise<void> => plans.choose(this.engine, choices)
  apply = (planId: string, typed: string | null, password: string | null = null): Promise<void> =>
    plans.apply(this.engine, planId, { typed, password })
  undo = (what: plans.UndoAsked): Promise<Undone> => plans.undo(this.engine, what)
  leave = (tx: string, index: number): Promise<void> => plans.leave(this.engine, tx, index)
  setJournalAside = (): Promise<void> => plans.setJournalAside(this.engine)
  confirmNetwork = (): Promise<void> => plans.confirmNetwork(this.engine)
  readBootMenu = (): Promise<void> => plans.readBootMenu(this.engine)
  reboot = (): Promise<void> => plans.reboot(this.engine)
  /** Goes back to the pages after a failure was read. */
  dismiss = (): void => this.engine.set({ phase: restingPhase(this.engine.state), notice: null })

  // VMs
  selectedVm = (): string => names.selectedName(this.engine)
  entryOf = (name: string): VmEntry => names.entryOf(this.engine, name)
  statusOf = (name: string): VmStatus | null => statusOf(this.engine, name)
  reportOf = (name: string): GuestReport | null => reportOf(this.engine.state.saved, name)
  selectVm = (name: string): Promise<void> => vms.selectVm(this.engine, name)
  addVm = (name: string, card: string | null = null): Promise<void> => vms.addVm(this.engine, name, card)
  forgetVm = (name: string): Promise<void> => vms.forgetVm(this.engine, name)
  startVm = (name: string = this.selectedVm(), { looked = false } = {}): Promise<void> =>
    run.startVm(this.engine, name, looked)
  shutDownVm = (name: string = this.selectedVm()): Promise<void> => run.shutDownVm(this.engine, name)
  forceOffVm = (name: string = this.selectedVm()): Promise<void> => run.forceOffVm(this.engine, name)
  resetVm = (name: string = this.selectedVm()): Promise<void> => run.resetVm(this.engine, name)
  discs = (name: string = this.selectedVm()): Promise<VmDisc[]> => run.discsOf(this.engine, name)
  changeDisc = (name: string, disc: VmDisc): Promise<void> => run.changeDisc(this.engine, name, disc)
  proveVm = (): Promise<void> => run.proveVm(this.engine)
  /** Takes in from now on what happens to a VM, and what another window or command saves. */
  watch = (): void => {
    run.watchVms(this.engine)
    this.unwatchSaved = watchSaved(this.engine)
  }
  /** Lets go of this host's VMs and choices. */
  unwatch = (): void => {
    this.unwatchSaved()
    this.engine.unwatchVms()
  }
  pollUnheardVms = (): Promise<void> => run.pollUnheardVms(this.engine)
  pollVms = (): Promise<void> => run.pollVms(this.engine)
  definition = (): VmDefinition | null => this.engine.definition()
  mustHaveDefinition = (): VmDefinition => this.engine.mustHaveDefinition()

  // Snapshots of a VM's disk
  snapshots = (): Promise<DiskSnapshots> => images.listSnapshots(this.engine)
  takeSnapshot = (name: string): Promise<void> => images.takeSnapshot(this.engine, name)
  goBackTo = (name: string): Promise<void> => images.goBackTo(this.engine, name)
  removeSnapshot = (name: string): Promise<void> => images.removeSnapshot(this.engine, name)

  // The guest's screen
  guestReach = (): Promise<GuestReach> => screen.guestReach(this.engine)
  viewer = (): ViewerCommand | null => screen.viewer(this.engine)
  openViewer = (): Promise<void> => screen.openViewer(this.engine)
  vmUsage = (): Promise<VmUsage | null> => screen.vmUsage(this.engine)

  // Looking only
  viewOf = (id: StepId): StepView => this.engine.viewOf(id)
  situation = (): Situation => this.engine.situation()
  facts = (): Facts => this.engine.facts()
  devices = (): DeviceRow[] => deviceRows(this.situation())
  drivers = (): DriversView => driversOf(this.situation(), this.viewOf('bind'))
  topology = (): Topology => topologyOf(this.situation())
  lspciOf = (address: string): Promise<string | null> => lspciOf(this.engine, address)
}
