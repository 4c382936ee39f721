import { vmUser } from '#core/definition/definition.ts'
import type { Host } from '#host/host.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Choices } from '#shared/wizard/choices.ts'

/** Looks at the disk image that is chosen as the VM's user finds it, unless these facts have it. */
export async function withImage(host: Host, facts: Facts, { definition: { disk } }: Choices): Promise<Facts> {
  const user = vmUser(facts)
  if (disk?.kind !== 'image' || facts.images[disk.path] !== undefined || user === null) return facts
  return { ...facts, images: { [disk.path]: await host.image(disk.path, user) } }
}
