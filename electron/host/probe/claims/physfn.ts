import type { Reader } from '#shared/base/system.ts'
import { bdfAddress } from '#shared/facts/pci.ts'
import { beforeRecorded } from '../listed.ts'

/** Returns the physical function a virtual one belongs to, from its link in sysfs; null: it is no virtual function. */
export async function physfnOf(reader: Reader, address: string): Promise<string | null> {
  const link = await beforeRecorded(() => reader.link(`/sys/bus/pci/devices/${address}/physfn`), null)
  const name = link?.kind === 'target' ? link.target.split('/').at(-1) : null
  return bdfAddress.safeParse(name).data ?? null
}
