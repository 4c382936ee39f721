import { describe, expect, it, vi } from 'vitest'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { VmRef } from '#shared/vm/vm.ts'
import { SimulatedVm } from '#vm/simulated.ts'
import { openSession } from '../session/session.ts'
import { Studio } from '../studio.ts'
import { snapshotOf } from '../views/snapshot.ts'
import { trayMenu } from '../views/tray-menu.ts'

/** A guest that answers the power button only when it is forced. */
class StubbornVm extends SimulatedVm {
  private release: (done: boolean) => void = () => undefined

  override shutDown(): Promise<boolean> {
    return new Promise((resolve) => (this.release = resolve))
  }

  giveUp(): void {
    this.release(false)
  }

  override async forceOff(vm: VmRef): Promise<void> {
    await super.forceOff(vm)
    this.release(true)
  }
}

/** A guest that says nothing of its card for as long as it runs. */
class SilentVm extends SimulatedVm {
  private release: (report: null) => void = () => undefined

  override report(): Promise<null> {
    return new Promise((resolve) => (this.release = resolve))
  }

  override async forceOff(vm: VmRef): Promise<void> {
    await super.forceOff(vm)
    this.release(null)
  }
}

/** The simulated workstation after step 8, with this VM. */
async function ready(vm: SimulatedVm = new SimulatedVm()) {
  const session = { ...(await openSession('paper', 'unused')), vm }
  const studio = new Studio(session)
  await studio.open()
  if (!(session.host instanceof SimulatedHost)) throw new Error('not simulated')
  for (const id of ['kernel', 'boot', 'bind', 'definition'] as const) {
    await studio.apply(studio.viewOf(id).plan.id, id === 'bind' ? '04:00.0' : null)
    if (id === 'boot') await studio.reboot()
  }
  return { studio, host: session.host }
}

/** This VM, started and asked to shut down, which it does not do. */
async function askedToShutDown(vm: StubbornVm) {
  const { studio } = await ready(vm)
  await studio.startVm()
  const asked = studio.shutDownVm()
  await new Promise(setImmediate)
  return { studio, asked }
}

describe('before each start', () => {
  it('the card is read again: one back on a host driver prevents the start', async () => {
    const { studio, host } = await ready()
    await studio.startVm()
    await studio.shutDownVm()
    await host.writeAttribute('/sys/bus/pci/devices/0000:04:00.0/driver_override', '\n')
    await host.writeAttribute('/sys/bus/pci/devices/0000:04:00.0/driver/unbind', '0000:04:00.0')
    await host.writeAttribute('/sys/bus/pci/drivers_probe', '0000:04:00.0')
    await expect(studio.startVm()).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(studio.current.vm).toMatchObject({ state: 'off' })
  })
})

describe('a guest that does not shut down', () => {
  it('is reported, so that the window can offer to ask again or to force it off', async () => {
    const vm = new StubbornVm()
    const { studio, asked } = await askedToShutDown(vm)
    expect(studio.current.vm).toMatchObject({ state: 'stopping' })
    vm.giveUp()
    await expect(asked).rejects.toMatchObject({ problem: { code: 'guest-stays' } })
    expect(studio.current.vm).toMatchObject({ state: 'running' })
  })

  it('can be forced off while the app waits for it', async () => {
    const { studio, asked } = await askedToShutDown(new StubbornVm())
    await studio.forceOffVm()
    await asked
    expect(studio.current.vm).toMatchObject({ state: 'off' })
  })

  it('shows as shutting down in the tray, and can still be forced off there', async () => {
    const vm = new StubbornVm()
    const { studio, asked } = await askedToShutDown(vm)
    const { items, state } = trayMenu(snapshotOf(studio, { available: true, text: '' }))
    expect(state).toBe('stopping')
    expect(items[0]?.label).toBe('VM "designer": shutting down (simulated)')
    const enabled = items.filter((item) => item.action !== null && item.enabled).map(({ action }) => action)
    expect(enabled).toEqual(['console', 'force-off', 'open', 'quit'])
    vm.giveUp()
    await expect(asked).rejects.toThrow()
  })

  it('can be asked again for the functions it sees', async () => {
    const { studio } = await ready()
    await studio.startVm()
    const first = studio.current.saved.proofs.guestReport
    await studio.proveVm()
    expect(studio.current.saved.proofs.guestReport?.functions).toEqual(first?.functions)
    expect(studio.current.saved.proofs.baseline).toMatchObject({ vm: 'designer', qemu: '2.12.0' })
  })
})

describe('a VM that is up', () => {
  it('prevents the reboot of its host', async () => {
    const { studio } = await ready()
    await studio.startVm()
    await expect(studio.reboot()).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(studio.current.vm).toMatchObject({ state: 'running' })
    await studio.shutDownVm()
    await studio.reboot()
    expect(studio.current.vm).toMatchObject({ state: 'off' })
  })

  it('is judged by a fresh look, unless the one that was just had is said to be fresh', async () => {
    const { studio, host } = await ready()
    const run = host.run.bind(host)
    const looksOf = async (start: () => Promise<void>) => {
      let looks = 0
      host.run = (tool, args, how) => {
        if (tool === 'lspci') looks += 1
        return run(tool, args, how)
      }
      await start()
      await studio.shutDownVm()
      return looks
    }
    const usual = await looksOf(() => studio.startVm())
    expect(await looksOf(() => studio.startVm(undefined, { looked: true }))).toBe(usual - 1)
  })

  it('can be forced off while the app waits for its report, without a failure', async () => {
    const { studio } = await ready(new SilentVm())
    const started = studio.startVm()
    await vi.waitFor(() =>
      expect(studio.current.phase).toMatchObject({ text: expect.stringContaining('report') as string }),
    )
    await studio.forceOffVm()
    await started
    expect(studio.current).toMatchObject({ vm: { state: 'off' }, phase: { kind: 'ready' } })
  })
})
