import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from '#host/exec/run-tool.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { VfioOpen } from '#shared/facts/proofs.ts'
import { REFUSES } from './as-user.ts'
import { BINARIES, runUntilReady } from './dry-start.ts'

/**
 * Has QEMU open the functions through VFIO, paused and without a guest, and end again. That exercises container,
 * group, interrupt remapping, fixed mappings, reset and BARs at once, before anything depends on it. Only root can
 * do it at this point: the group's node is given to the VM's user when the VM starts.
 */
export async function openThroughVfio(functions: readonly string[], facts: Facts): Promise<VfioOpen | null> {
  const { qemu } = facts
  const binary = qemu === null || isUnknown(qemu) ? undefined : BINARIES[qemu.binary]
  if (binary === undefined || facts.session.uid !== 0) return null
  const directory = await mkdtemp(join(tmpdir(), 'passthrough-studio-'))
  try {
    const qmp = join(directory, 'qmp')
    const running = runTool(binary, openArguments(functions, qmp), REFUSES)
    const { accepted, said } = await runUntilReady(running, qmp)
    const at = new Date().toISOString()
    return { at, boot: facts.host.bootId, functions: [...functions], opened: accepted, said }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * Returns the arguments of the least machine that has a PCIe bus. No processor runs, so it does not matter whether KVM
 * is there.
 */
function openArguments(functions: readonly string[], qmp: string): string[] {
  const devices = functions.flatMap((address) => ['-device', `vfio-pci,host=${address}`])
  return [
    ...['-machine', 'q35,accel=kvm:tcg', '-m', '64M', '-nodefaults', '-no-user-config', '-display', 'none', '-S'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-qmp', `unix:${qmp},server=on,wait=off`, ...devices],
  ]
}
