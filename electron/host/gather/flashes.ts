import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { FlashFile } from '#shared/facts/images/flash-file.ts'
import { definitionIn } from '#shared/vm/vm.ts'
import type { Host } from '../host.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'

/** A VM's own variables, as step 8 names them. */
const STORE = /^vars[a-z0-9-]*\.(?:fd|qcow2)$/u

/** Gathers the flash images that descriptors name, those that VMs were made with, and the VMs' own variables. */
export async function gatherFlashes(
  host: Host,
  { qemu, files }: Pick<Facts, 'qemu' | 'files'>,
): Promise<Facts['flashes']> {
  const offered = qemu === null || isUnknown(qemu) ? [] : qemu.firmware.flatMap((one) => [one.code, one.varsTemplate])
  const used = Object.entries(files).flatMap(([path, file]) => {
    if (!path.endsWith('/vm.json') || file === null || isUnknown(file)) return []
    const { code, varsTemplate } = definitionIn(file.text)?.firmware ?? {}
    return [code, varsTemplate].filter((one) => one !== undefined)
  })
  const paths = [...new Set([...offered, ...used])]
  const read = await Promise.all(paths.map(async (path) => [path, await host.flash(path)] as const))
  return { ...Object.fromEntries(read), ...(await stores(host)) }
}

/** A store is its user's alone to read; the length of a raw one everybody may see. */
async function stores(host: Host): Promise<Facts['flashes']> {
  const vms = `${DATA_DIRECTORY}/vms`
  const found: [string, OrUnknown<FlashFile>][] = []
  for (const vm of await listOrEmpty(host, vms)) {
    for (const name of await beforeRecorded(() => listOrEmpty(host, `${vms}/${vm}`), [])) {
      if (!STORE.test(name)) continue
      const path = `${vms}/${vm}/${name}`
      const bytes = await lengthOf(host, path)
      if (bytes !== null) found.push([path, isUnknown(bytes) ? bytes : { bytes, sha256: null }])
    }
  }
  return Object.fromEntries(found)
}

async function lengthOf(host: Host, path: string): Promise<OrUnknown<number | null>> {
  if (path.endsWith('.fd')) return (await beforeRecorded(() => host.stamp(path), null))?.bytes ?? null
  const store = await host.flash(path)
  return store === null || isUnknown(store) ? store : store.bytes
}
