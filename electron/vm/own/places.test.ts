import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { getuid, pid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { RealHost } from '#host/real/real.ts'
import type { ListResult, Reader } from '#shared/base/system.ts'
import { earlierVmPaths, vmPaths } from '#shared/vm/vm.ts'
import { VmPlaces } from './places.ts'
import { VmSupervisor } from './supervisor.ts'

const DENIED: ListResult = { kind: 'denied', why: 'EACCES' }
const withSocket: ListResult = { kind: 'names', names: ['lock', 'qmp.sock'] }
const without: ListResult = { kind: 'names', names: ['exit-code'] }

/** Where a VM is looked for on a host with these directories. */
async function placeOf(name: string, before: ListResult, now: ListResult): Promise<string> {
  const listed = new Map([
    [earlierVmPaths(name).run, before],
    [vmPaths(name).run, now],
  ])
  const absent = { kind: 'absent' } as const
  const reader: Reader = {
    read: async () => absent,
    list: async (path) => listed.get(path) ?? absent,
    link: async () => absent,
    owner: async () => null,
  }
  return (await new VmPlaces(reader).look(name)).qmp
}

describe('the directory of a VM', () => {
  const [HERE, BEFORE] = [vmPaths('win').qmp, earlierVmPaths('win').qmp]

  it('is below vms, also where an earlier version has left its directory', async () => {
    expect(await placeOf('win', { kind: 'absent' }, { kind: 'absent' })).toBe(HERE)
    expect(await placeOf('win', without, { kind: 'absent' })).toBe(HERE)
    expect(await placeOf('win', withSocket, withSocket)).toBe(HERE)
  })

  it('is an earlier version’s while its socket is there or cannot be seen', async () => {
    expect(await placeOf('win', withSocket, { kind: 'absent' })).toBe(BEFORE)
    expect(await placeOf('win', DENIED, { kind: 'absent' })).toBe(BEFORE)
    expect(await placeOf('win', DENIED, DENIED)).toBe(HERE)
  })

  it('is never one of this program’s own, whatever the VM is called', async () => {
    expect(await placeOf('guard', withSocket, { kind: 'absent' })).toBe(vmPaths('guard').qmp)
  })
})

describe.runIf(getuid?.() === 0)('a VM that an earlier version started', () => {
  it('is found and shut down after an update', async () => {
    const name = `before-${pid}`
    const { run, qmp } = earlierVmPaths(name)
    const made = await mkdir(run, { recursive: true })
    const told: string[] = []
    const qemu = createServer((socket) => {
      socket.write('{"QMP":{"version":{},"capabilities":[]}}\n')
      socket.on('data', (chunk) => {
        const { id, execute } = JSON.parse(String(chunk)) as { id: number; execute: string }
        told.push(execute)
        socket.write(`${JSON.stringify({ id, return: { status: 'running', running: true } })}\n`)
        if (execute === 'system_powerdown') qemu.close()
      })
    })
    await new Promise<void>((resolve) => qemu.listen(qmp, resolve))
    try {
      const launcher = { launch: () => Promise.reject(new Error('nothing is started here')) }
      const supervisor = new VmSupervisor(new RealHost(), launcher)
      const vm = { name, profile: 'linux' } as const
      expect(await supervisor.status(vm)).toMatchObject({ state: 'running' })
      expect(await supervisor.shutDown(vm)).toBe(true)
      expect(told).toContain('system_powerdown')
      expect(await supervisor.status(vm)).toMatchObject({ state: 'off' })
    } finally {
      qemu.close()
      await rm(made ?? run, { recursive: true, force: true })
    }
  })
})
