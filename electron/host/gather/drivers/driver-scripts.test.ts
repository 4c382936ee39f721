import { describe, expect, it } from 'vitest'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'

const HOOKS = '/etc/libvirt/hooks'
const MOVE = 'echo 0000:04:00.0 > /sys/bus/pci/drivers/nouveau/unbind'

function machine(files: Readonly<Record<string, string>>) {
  return { ...PAPER_WORKSTATION, files: { ...PAPER_WORKSTATION.files, ...files } }
}

async function scriptsOf(files: Readonly<Record<string, string>>) {
  return (await factsFrom(simulated(machine(files)))).driverScripts
}

describe('scripts that move devices', () => {
  it('are kept by their lines that do, from every place guides name', async () => {
    const paths = [
      '/etc/initramfs-tools/scripts/init-top/vfio.sh',
      '/etc/initramfs-tools/scripts/init-premount/vfio.sh',
      '/etc/initcpio/hooks/vfio',
      `${HOOKS}/qemu`,
      `${HOOKS}/qemu.d/win10/release/end/stop.sh`,
    ]
    const text = `#!/bin/sh\n# unbind\nsystemctl stop gdm\n${MOVE}\n`
    const { lines, unread, cut } = await scriptsOf(Object.fromEntries(paths.map((path) => [path, text])))
    expect(lines).toEqual(paths.map((source) => ({ source, line: MOVE })))
    expect({ unread, cut }).toEqual({ unread: [], cut: false })
  })

  it('are followed from a line of modprobe, into directories of programs only', async () => {
    const [named, secret] = ['/usr/local/sbin/vfio-pci-override.sh', '/root/vfio-notes']
    const rule = (path: string) => `install vfio-pci ${path}; modprobe -i vfio-pci\n`
    const files = { '/etc/modprobe.d/a.conf': rule(named), '/etc/modprobe.d/b.conf': rule(secret) }
    const { lines } = await scriptsOf({ ...files, [named]: `${MOVE}\n`, [secret]: `${MOVE}\n` })
    expect(lines.map(({ source }) => source)).toEqual([named])
  })

  it('are not this program’s own', async () => {
    expect((await scriptsOf({ [OWN_FILES.initramfsInitTop]: `${MOVE}\n` })).lines).toEqual([])
  })

  it('are bounded, in number and in length, and it is said when there was more', async () => {
    const long = `${MOVE} ${'x'.repeat(5000)}\n`
    const { lines, cut } = await scriptsOf({ [`${HOOKS}/qemu`]: long.repeat(5000) })
    expect([lines.length, cut]).toEqual([200, true])
    expect(Math.max(...lines.map(({ line }) => line.length))).toBeLessThan(400)
  })

  it('in a directory that only root may list are unknown', async () => {
    const recording = recordingOf(machine({}))
    recording.dirs[HOOKS] = { denied: `${HOOKS}: EACCES` }
    const { driverScripts, driverRules } = await factsFrom(new SimulatedHost(recording))
    expect(driverScripts.unread).toEqual([{ source: HOOKS, why: `${HOOKS}: EACCES` }])
    expect(driverRules.unread).toEqual([])
  })
})
