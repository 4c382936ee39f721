import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { makeFifo, releaseFifo } from '#host/fifo.fixture.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Change } from '#shared/plan/change.ts'
import { JOURNAL } from '../host-tree.fixture.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { ending, OwnHost } from './own-host.fixture.ts'

const asRoot = getuid?.() === 0
const HOLDER = '/run/passthrough-studio/helper.lock'
/** Notes each of its runs, and ends when it is let. */
const WAITS = 'echo "$@" >> /run/begun; while [ ! -e /run/let ]; do sleep 0.1; done'
const ONE_RUN = '-- vfio-pci\n'
const LOAD: Change = { kind: 'load-module', module: 'vfio-pci' }

/** A file, then twice a tool that waits. */
async function plan(): Promise<Change[]> {
  const file = await ownWrite(new RealSystem('/nonexistent'), { of: 'fixed', text: 'modules-load' })
  return file === null ? [] : [file, LOAD, LOAD]
}

async function host(): Promise<OwnHost> {
  const own = await OwnHost.make()
  await own.tool('modprobe', WAITS)
  return own
}

describe.runIf(asRoot)('A helper that is told to end', () => {
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'by %s in the middle of a plan finishes its change, takes everything back and says so',
    async (signal) => {
      const own = await host()
      const helper = own.apply('kernel', await plan())
      await own.untilThere('/run/begun')
      expect(await own.text(OWN_FILES.modulesLoad)).not.toBeNull()
      helper.kill(signal)
      await own.put('/run/let', '')
      const { code, said } = await ending(helper)
      const problem = {
        code: 'interrupted',
        message: expect.stringContaining(signal) as string,
        hint: expect.stringContaining('was taken back') as string,
      }
      expect(said).toMatchObject([{ id: 1, problem }])
      expect(code).toBe(0)
      expect(await own.text('/run/begun')).toBe(ONE_RUN)
      expect(await own.text(OWN_FILES.modulesLoad)).toBeNull()
      expect(await own.text(HOLDER)).toBeNull()
    },
  )

  it('while nothing is under way ends at once, although a request may still come', async () => {
    const own = await host()
    const helper = own.start('electron/helper/main.ts', 'hello')
    await own.untilThere(HOLDER)
    helper.kill('SIGTERM')
    expect(await ending(helper)).toEqual({ code: 0, said: [] })
  })
})

describe.runIf(asRoot)('A helper at work', () => {
  it('carries its plan out where only its listener is gone', async () => {
    const own = await host()
    const helper = own.apply('kernel', await plan())
    await own.untilThere('/run/begun')
    helper.stdout.destroy()
    const ended = new Promise((resolve) => helper.once('exit', resolve))
    await own.put('/run/let', '')
    expect(await ended).toBe(0)
    expect(await own.text('/run/begun')).toBe(ONE_RUN.repeat(2))
    expect(await own.text(JOURNAL)).toContain('"kind":"end"')
  })

  it('keeps the host from sleeping and shutting down, and no longer than that', async () => {
    const own = await host()
    await own.tool('systemd-inhibit', 'echo "$@" > /run/inhibited; for last; do :; done; "$last"; touch /run/released')
    const helper = own.apply('kernel', await plan())
    await own.untilThere('/run/begun')
    expect(await own.untilThere('/run/inhibited')).toContain('--what=sleep:shutdown --mode=block')
    expect(await own.text('/run/released')).toBeNull()
    await own.put('/run/let', '')
    expect(await ending(helper)).toEqual({ code: 0, said: [{ id: 1, kind: 'result', notes: [] }] })
    await own.untilThere('/run/released')
  })
})

const ADDRESS = '0000:99:00.0'
const DEVICE = `/sys/bus/pci/devices/${ADDRESS}`
const BIND: Change = {
  kind: 'bind-driver',
  address: ADDRESS,
  driver: 'vfio-pci',
  expected: { driver: 'hangs', vendorId: '10de', deviceId: '13f1' },
}

describe.runIf(asRoot)('A helper one of whose writes hangs in the kernel', () => {
  it('says that only a reboot helps, and ends; so does an undo', async () => {
    const own = await host()
    await own.put(`${DEVICE}/vendor`, '0x10de\n')
    await own.put(`${DEVICE}/device`, '0x13f1\n')
    await own.put(`${DEVICE}/class`, '0x030000\n')
    await mkdir(join(own.root, '/sys/bus/pci/drivers/hangs'), { recursive: true })
    await symlink('../../drivers/hangs', join(own.root, DEVICE, 'driver'))
    const unbind = join(own.root, '/sys/bus/pci/drivers/hangs/unbind')
    await makeFifo(unbind)
    const problem = { code: 'reboot-needed' }
    expect(await ending(own.apply('bind', [BIND]))).toMatchObject({ code: 0, said: [{ id: 1, problem }] })
    const undone = { id: 1, kind: 'undone', left: [{ problem }] }
    expect(await ending(own.ask('undo', { kind: 'undo', scope: 'all' }))).toMatchObject({ code: 0, said: [undone] })
    await releaseFifo(unbind)
  })
})
