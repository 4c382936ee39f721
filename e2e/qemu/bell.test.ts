import { existsSync } from 'node:fs'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { VmStatus } from '#shared/vm/vm.ts'
import { pidOf, type StartableVm, startableVm } from './startable-vm.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const qemu = await realQemu()
const facts = await workstation(qemu)
const small = { memoryMiB: 512, vcpus: 2, disk: { kind: 'new', format: 'qcow2', sizeGiB: 1 } } as const

/** A program that only listens: it asks for the state when it is rung, and never else. */
function listener({ definition, supervisor }: StartableVm) {
  const driver = supervisor()
  const seen: { at: number; state: VmStatus['state'] }[] = []
  const waiting: (() => void)[] = []
  const ring = () => {
    void driver.status(definition).then((status) => {
      seen.push({ at: Date.now(), state: status.state })
      driver.listen([definition.name], ring)
      waiting.splice(0).forEach((go) => go())
    })
  }
  driver.listen([definition.name], ring)
  const until = async (state: VmStatus['state']) => {
    while (seen.at(-1)?.state !== state) await new Promise<void>((resolve) => waiting.push(resolve))
    return seen.at(-1)?.at ?? 0
  }
  return { driver, until, close: () => driver.listen([], ring) }
}

describe.runIf(qemu.firmware.length > 0)(`an event of a VM on QEMU ${qemu.version}`, () => {
  let ears: ReturnType<typeof listener> | null = null
  afterEach(() => ears?.close())

  it('reaches a program that never polls: start, crash, and start again', async () => {
    const vm = await startableVm({ ...defined(facts, { ...small, profile: 'linux' }), pinning: null }, qemu)
    ears = listener(vm)
    await vm.supervisor().start(vm.definition)
    await ears.until('running')
    while (!ears.driver.hears(vm.definition.name, true)) await sleep(10)
    // QEMU tells one program at a time; who lets go leaves it to the next.
    ears.close()
    ears = listener(vm)
    while (!ears.driver.hears(vm.definition.name, true)) await sleep(10)
    const killed = Date.now()
    kill(await pidOf(/guest=/u, vm.run), 'SIGKILL')
    const heard = await ears.until('attention')
    console.log(`A crash of QEMU was told after ${heard - killed} ms.`)
    expect(existsSync(vm.paths.events)).toBe(false)
    await vm.supervisor().start(vm.definition)
    await ears.until('running')
    await vm.supervisor().forceOff(vm.definition)
    await ears.until('off')
  })
})
