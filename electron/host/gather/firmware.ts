import { z } from 'zod'
import { jsonOrNull } from '#shared/base/json.ts'
import type { FirmwareFact } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { listOrEmpty } from '../probe/listed.ts'
import { readText } from '../read.ts'

/** Where descriptors lie, the admin's first: a name there hides the same name of the package (QEMU firmware.json). */
const PLACES = ['/etc/qemu/firmware', '/usr/share/qemu/firmware'] as const

const file = z.looseObject({ filename: z.string(), format: z.enum(['qcow2', 'raw']).default('raw') })
const descriptor = z.looseObject({
  'interface-types': z.array(z.string()),
  mapping: z.looseObject({
    device: z.literal('flash'),
    mode: z.string().default('split'),
    executable: file,
    'nvram-template': file,
  }),
  targets: z.array(z.looseObject({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
})

/** UEFI firmware with a variable store, for q35 on x86_64, by the order of the descriptors' names. */
export async function gatherFirmware(host: Host): Promise<FirmwareFact[]> {
  const found = new Map<string, string>()
  for (const place of [...PLACES].reverse()) {
    for (const name of await listOrEmpty(host, place)) if (name.endsWith('.json')) found.set(name, `${place}/${name}`)
  }
  const names = [...found.keys()].sort()
  const facts = await Promise.all(names.map((name) => readDescriptor(host, found.get(name) ?? '')))
  return facts.filter((fact) => fact !== null)
}

/** Null: not for us, or hidden by an empty file of the admin's, as the specification has it. */
async function readDescriptor(host: Host, path: string): Promise<FirmwareFact | null> {
  const text = await readText(host, path)
  const parsed = descriptor.safeParse(typeof text === 'string' ? jsonOrNull(text) : null)
  if (!parsed.success || !fits(parsed.data)) return null
  const { mapping, features } = parsed.data
  return {
    descriptor: path,
    code: mapping.executable.filename,
    stamp: await host.stamp(mapping.executable.filename),
    codeFormat: mapping.executable.format,
    varsTemplate: mapping['nvram-template'].filename,
    varsFormat: mapping['nvram-template'].format,
    features,
  }
}

function fits(data: z.infer<typeof descriptor>): boolean {
  const here = data.targets.some(
    ({ architecture, machines }) => architecture === 'x86_64' && machines.some((name) => /^(pc-q35-|q35)/u.test(name)),
  )
  return here && data['interface-types'].includes('uefi') && data.mapping.mode === 'split'
}
