import { stepView } from '#app/step-view.fixture.ts'
import { cardsOf } from '#core/units/units.ts'
import { Executor } from '#helper/executor.ts'
import { type Description } from '#host/simulated/description.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { Chosen } from '#shared/wizard/choices.fixture.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

/** Steps that may change the host, in the order they are applied. */
export const CHANGING: readonly StepId[] = ['kernel', 'boot', 'bind', 'network', 'definition']

/** One simulated host on its way through the steps, with a card chosen as an admin would. */
export class Walk {
  readonly host: SimulatedHost
  private readonly choices: Chosen

  private constructor(host: SimulatedHost, choices: Chosen) {
    this.host = host
    this.choices = choices
  }

  static async start(description: Description): Promise<Walk> {
    const host = simulated(description)
    const possible = cardsOf(await factsFrom(host)).filter((card) => card.verdict.status !== 'blocked')
    const spare = possible.find((card) => card.functions.every((device) => device.bootVga !== true))
    const card = spare ?? possible[0]
    return new Walk(host, card === undefined ? {} : { cards: reserving(card.address) })
  }

  async view(id: StepId): Promise<StepView> {
    return stepView(await factsFrom(this.host), id, this.choices)
  }

  executor(): Executor {
    return new Executor(this.host, 0, () => undefined)
  }

  /** Applies what the step plans and reboots where the plan asks for it. Gives the number of changes. */
  async apply(id: StepId): Promise<number> {
    const { plan } = await this.view(id)
    if (plan.changes.length === 0) return 0
    await this.executor().apply(plan)
    if (plan.rebootNeeded) this.host.reboot()
    return plan.changes.length
  }

  /** What undo has to bring back: files against the recording, who holds each function, owners of VFIO nodes. */
  async state(): Promise<string> {
    const { devices, vfioNodes } = await factsFrom(this.host)
    const holders = devices.map((device) => `${device.address} ${device.driver ?? '-'} ${device.driverOverride ?? '-'}`)
    return JSON.stringify([[...this.host.tree()].sort(), holders, vfioNodes])
  }

  /** Applies the step and dies at its n-th effect, as after SIGKILL; false when it was done before that. */
  async dieAt(id: StepId, effect: number): Promise<boolean> {
    const { plan } = await this.view(id)
    let effects = 0
    this.host.beforeEffect = () => {
      effects += 1
      if (effects >= effect) throw new Error('killed')
    }
    const died = await this.executor()
      .apply(plan)
      .then(
        () => false,
        () => true,
      )
    this.host.beforeEffect = () => undefined
    return died
  }
}
