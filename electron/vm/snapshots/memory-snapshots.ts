import type { DiskSnapshot, DiskSnapshots, SnapshotPart } from '#shared/vm/disk-snapshots.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import {
  assertChangeable,
  assertNewName,
  assertThere,
  nameBefore,
  snapshotImage,
  VM_IS_ON,
  type VmSnapshots,
} from './snapshots.ts'

const GIB = 1024 ** 3

/** Snapshots that exist only on the screen, under the same rules as real ones. */
export class MemorySnapshots implements VmSnapshots {
  private readonly kept = new Map<string, DiskSnapshot[]>()
  private readonly isOn: (name: string) => boolean

  constructor(isOn: (name: string) => boolean) {
    this.isOn = isOn
  }

  async list(definition: VmDefinition): Promise<DiskSnapshots> {
    const image = snapshotImage(definition)
    if ('why' in image) return { why: image.why, image: null, list: [] }
    if (this.isOn(definition.name)) return { why: VM_IS_ON, image: null, list: [] }
    const list = this.kept.get(definition.name) ?? []
    return { why: null, image: { path: image.path, taken: 24 * GIB, free: 400 * GIB }, list }
  }

  async take(definition: VmDefinition, name: string): Promise<void> {
    const view = await this.checked(definition)
    assertNewName(name, view)
    const parts: SnapshotPart[] = [
      ...(definition.firmware === null ? [] : ['uefi' as const]),
      ...(definition.tpm ? ['tpm' as const] : []),
    ]
    const made = { name, at: new Date().toISOString(), parts, lacks: [], barred: null }
    this.kept.set(definition.name, [...view.list, made])
  }

  private async checked(definition: VmDefinition): Promise<DiskSnapshots> {
    const view = await this.list(definition)
    assertChangeable(view)
    return view
  }

  async goBack(definition: VmDefinition, name: string): Promise<string> {
    const view = await this.checked(definition)
    assertThere(name, view)
    const before = nameBefore(
      new Date(),
      view.list.map((one) => one.name),
    )
    await this.take(definition, before)
    return before
  }

  async remove(definition: VmDefinition, name: string): Promise<void> {
    const view = await this.checked(definition)
    assertThere(name, view)
    this.kept.set(
      definition.name,
      view.list.filter((one) => one.name !== name),
    )
  }
}
