import { describe, expect, it } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { formerArguments } from './former-arguments.ts'

const FILE = { mode: 0o644, uid: 0, gid: 0 }
const ROOT = '/run/passthrough-studio/kernel'

/** The edit that made /etc/kernel/cmdline, as the journal has it. */
function edit(values: Record<string, string>, path: string = OWN_FILES.kernelCmdline): JournalEntry {
  return {
    ...{ tx: 't', index: 0, step: 'boot', at: '', boot: '', after: null, reverted: null, failed: null, contents: null },
    change: { kind: 'write-file', path, text: '', mode: 0o644, expected: null },
    before: { files: [], createdDirectories: [], values },
    confirmed: null,
  }
}

async function running(line: string): Promise<SimulatedHost> {
  const host = simulated()
  const read = host.read.bind(host)
  host.read = async (path) => (path === '/proc/cmdline' ? { kind: 'text', text: `${line}\n` } : read(path))
  return host
}

async function textAt(host: SimulatedHost, path: string): Promise<string | null> {
  const bytes = await host.bytes(path)
  return bytes === null ? null : Buffer.from(bytes).toString()
}

describe('the arguments that kernel-install is told while an undo goes on', () => {
  it('are those that run, without what was added and with what was taken out', async () => {
    const host = await running('BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro intel_iommu=on initrd=\\x quiet')
    await host.writeAtomic('/etc/kernel/entry-token', Buffer.from('office\n'), FILE)
    const environment = await formerArguments(host, [edit({ added: 'intel_iommu=on', taken: 'iommu=off' })])
    expect(environment).toEqual({ KERNEL_INSTALL_CONF_ROOT: ROOT })
    expect(await textAt(host, `${ROOT}/cmdline`)).toBe('root=/dev/sda1 ro quiet iommu=off\n')
    expect(await textAt(host, `${ROOT}/entry-token`), 'the rest of its configuration stays').toBe('office\n')
  })

  it('are its own where a file names them, or none was edited', async () => {
    const host = await running('root=/dev/sda1 intel_iommu=on')
    expect(await formerArguments(host, [edit({ added: 'iommu=pt' }, '/etc/default/grub')])).toEqual({})
    expect(await formerArguments(host, [edit({})])).toEqual({})
    await host.writeAtomic('/usr/lib/kernel/cmdline', Buffer.from('ro\n'), FILE)
    expect(await formerArguments(host, [edit({ added: 'intel_iommu=on' })])).toEqual({})
    expect(await textAt(host, `${ROOT}/cmdline`)).toBeNull()
  })
})
