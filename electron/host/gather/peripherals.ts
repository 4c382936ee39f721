import { ProblemError } from '#shared/base/problem.ts'
import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause, type UnknownFact } from '#shared/base/unknown.ts'
import { KVMFR_NODE, type Peripherals } from '#shared/facts/peripherals.ts'
import { VIEWERS } from '#shared/facts/viewers.ts'
import { findDisks } from '../probe/disks.ts'
import { findInUse } from '../probe/in-use.ts'
import { findInput } from '../probe/input.ts'
import type { HostMounts } from '../probe/mounts.ts'
import { findUsb } from '../probe/usb.ts'
import { readText } from '../read.ts'

const KVMFR = '/sys/module/kvmfr/parameters/static_size_mb'

/**
 * Gathers what is plugged into the host. A recording of an earlier version did not read it: that is unknown, not wrong.
 */
export async function gatherPeripherals(reader: Reader, mounts: Promise<OrUnknown<HostMounts>>): Promise<Peripherals> {
  const use = recorded(() => findInUse(reader, mounts))
  return {
    usb: await recorded(() => findUsb(reader, use)),
    input: await recorded(() => findInput(reader)),
    disks: await recorded(() => findDisks(reader, use)),
    kvmfr: await recorded(() => gatherKvmfr(reader)),
    viewers: await recorded(() => gatherViewers(reader)),
  }
}

async function recorded<T>(look: () => Promise<OrUnknown<T>>): Promise<OrUnknown<T>> {
  try {
    return await look()
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.code === 'bad-recording') return unknownBecause('not recorded')
    throw thrown
  }
}

async function gatherKvmfr(reader: Reader): Promise<Peripherals['kvmfr']> {
  const size = await readText(reader, KVMFR)
  if (size === null || isUnknown(size)) return size
  return { sizeMiB: Number(size.trim()), nodeUid: await reader.owner(KVMFR_NODE) }
}

async function gatherViewers(reader: Reader): Promise<OrUnknown<string[]>> {
  const found: string[] = []
  for (const [name, paths] of Object.entries(VIEWERS)) {
    const seen = await Promise.all(paths.map((path) => isThere(reader, path)))
    if (seen.includes(true)) found.push(name)
    const dark = seen.find(isUnknown)
    if (dark !== undefined) return dark
  }
  return found
}

/** Returns whether a file is there without reading it: asked for a link, one that is none answers EINVAL. */
async function isThere(reader: Reader, path: string): Promise<boolean | UnknownFact> {
  const link = await reader.link(path)
  if (link.kind !== 'denied') return link.kind === 'target'
  return link.why.endsWith('EINVAL') || unknownBecause(link.why)
}
