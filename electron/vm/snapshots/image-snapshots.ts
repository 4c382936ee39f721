import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { varsFile } from '#core/definition/firmware/vars-file.ts'
import { errnoOf } from '#host/file-reader.ts'
import type { Host } from '#host/host.ts'
import { ProblemError, problemLine, problemOf } from '#shared/base/problem.ts'
import type { DiskSnapshot, DiskSnapshots, SnapshotPart } from '#shared/vm/disk-snapshots.ts'
import { PART_WORDS, snapshotName } from '#shared/vm/disk-snapshots.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { changeImage, type ImageSnapshot, imageSnapshots } from './snapshot-image.ts'
import { type PartsKey, partsThere, SnapshotParts, type VmParts } from './snapshot-parts.ts'
import {
  assertChangeable,
  assertNewName,
  assertThere,
  nameBefore,
  snapshotImage,
  VM_IS_ON,
  type VmSnapshots,
} from './snapshots.ts'

/** Returns where a VM keeps what belongs to its disk. */
export function partsOf({ name, firmware, tpm }: VmDefinition): VmParts {
  return { uefi: firmware === null ? null : varsFile(name, firmware), tpm: tpm ? vmPaths(name).tpmState : null }
}

interface Options {
  host: Host
  /** Whether anything of the VM runs at this moment. */
  isOn: (definition: VmDefinition) => Promise<boolean>
  partsOf?: (definition: VmDefinition) => VmParts
  parts?: SnapshotParts
}

/** Snapshots inside a qcow2 image, with copies of UEFI variables and TPM state beside them. */
export class ImageSnapshots implements VmSnapshots {
  private readonly host: Host
  private readonly isOn: Options['isOn']
  private readonly partsOf: (definition: VmDefinition) => VmParts
  private readonly parts: SnapshotParts

  constructor(options: Options) {
    this.host = options.host
    this.isOn = options.isOn
    this.partsOf = options.partsOf ?? partsOf
    this.parts = options.parts ?? new SnapshotParts()
  }

  async list(definition: VmDefinition): Promise<DiskSnapshots> {
    const image = snapshotImage(definition)
    if ('why' in image) return none(image.why)
    if (await this.isOn(definition)) return none(VM_IS_ON)
    const barred = await imageTrouble(image.path, definition, this.host.uid())
    return barred === null ? this.read(definition, image.path) : none(barred)
  }

  private async read(definition: VmDefinition, path: string): Promise<DiskSnapshots> {
    try {
      const { taken, snapshots } = await imageSnapshots(this.host, path)
      const { bavail, bsize } = await statfs(path)
      const present = await partsThere(this.partsOf(definition))
      const shown = snapshots.map((one) => this.shown(definition.name, path, one, snapshots, present))
      return { why: null, image: { path, taken, free: bavail * bsize }, list: await Promise.all(shown) }
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown
      return none(problemLine(thrown.problem))
    }
  }

  private async shown(
    vm: string,
    image: string,
    { name, at }: ImageSnapshot,
    all: readonly ImageSnapshot[],
    present: VmParts,
  ): Promise<DiskSnapshot> {
    const barred = nameBlocker(name, all)
    // Only a name that is safe as a directory is looked up.
    const parts = barred === null ? await this.parts.kept({ vm, image, name }, at, present) : []
    const has: SnapshotPart[] = [
      ...(present.uefi === null ? [] : ['uefi' as const]),
      ...(present.tpm === null ? [] : ['tpm' as const]),
    ]
    return { name, at, parts, lacks: has.filter((part) => !parts.includes(part)), barred }
  }

  async take(definition: VmDefinition, name: string): Promise<void> {
    const before = await this.checked(definition)
    assertNewName(name, before)
    await this.keep(definition, this.key(definition, name))
  }

  private async checked(definition: VmDefinition): Promise<DiskSnapshots> {
    const view = await this.list(definition)
    assertChangeable(view)
    return view
  }

  private key(definition: VmDefinition, name: string): PartsKey {
    const image = snapshotImage(definition)
    if ('why' in image)
      throw new ProblemError('refused', image.why, { hint: 'Only a qcow2 image of the VM’s own has snapshots.' })
    return { vm: definition.name, image: image.path, name }
  }

  /** Copies first, then the disk, then the note that joins them: cut off anywhere, no copy passes for another's. */
  private async keep(definition: VmDefinition, key: PartsKey): Promise<void> {
    const present = await partsThere(this.partsOf(definition))
    await this.parts.copy(key, present)
    await this.assertOff(definition)
    await changeImage(key.image, 'take', key.name)
    const made = (await imageSnapshots(this.host, key.image)).snapshots.find((one) => one.name === key.name)
    if (made === undefined)
      throw new ProblemError(
        'tool-failed',
        `qemu-img took the snapshot “${key.name}”, and it is not in ${key.image}.`,
        { hint: 'Look at the image with qemu-img info.' },
      )
    await this.parts.seal(key, made.at, present)
  }

  async goBack(definition: VmDefinition, name: string): Promise<string> {
    const view = await this.checked(definition)
    assertThere(name, view)
    const key = this.key(definition, name)
    const before = nameBefore(
      this.host.now(),
      view.list.map((one) => one.name),
    )
    await this.keep(definition, { ...key, name: before })
    const kept = view.list.find((one) => one.name === name)?.parts ?? []
    const staged = await this.parts.stage(key, kept, this.partsOf(definition))
    try {
      await this.assertOff(definition)
      await changeImage(key.image, 'go-back', name)
    } catch (thrown) {
      await staged.drop()
      throw thrown
    }
    await staged.commit().catch((thrown: unknown) => {
      throw halfway(name, before, kept, thrown)
    })
    return before
  }

  async remove(definition: VmDefinition, name: string): Promise<void> {
    assertThere(name, await this.checked(definition))
    const key = this.key(definition, name)
    await this.assertOff(definition)
    await changeImage(key.image, 'remove', name)
    await this.parts.forget(key)
  }

  /** Throws where the VM was started by its script meanwhile; QEMU's own lock on the image stands behind this. */
  private async assertOff(definition: VmDefinition): Promise<void> {
    if (await this.isOn(definition)) throw new ProblemError('refused', VM_IS_ON, { hint: 'Nothing was changed.' })
  }
}

const none = (why: string): DiskSnapshots => ({ why, image: null, list: [] })

/** Returns why a snapshot that others made is left to them. */
function nameBlocker(name: string, all: readonly ImageSnapshot[]): string | null {
  if (all.filter((one) => one.name === name).length > 1)
    return `More than one snapshot is called “${name}”; use qemu-img.`
  return snapshotName.safeParse(name).success
    ? null
    : 'Made elsewhere, under a name this program does not use; use qemu-img.'
}

/** Returns why this user cannot change the image; null: it can be changed. */
async function imageTrouble(path: string, { disk, user }: VmDefinition, uid: number): Promise<string | null> {
  try {
    const { uid: owner } = await stat(path)
    if (uid === 0 && owner !== 0)
      return `${path} belongs to ${owner === user.uid ? user.name : `user ${owner}`}. Snapshots are taken as that user: open this program as ${owner === user.uid ? user.name : 'the owner'}, not as root.`
    await access(path, constants.R_OK | constants.W_OK)
    return null
  } catch (thrown) {
    const errno = errnoOf(thrown)
    if (errno === 'ENOENT')
      return disk?.kind === 'new' ? `${path} is not there yet. Step 8 creates it.` : `${path} is not there.`
    return `${path} is not yours to write (${errno}): only its owner can take snapshots of it.`
  }
}

function halfway(name: string, before: string, parts: readonly SnapshotPart[], cause: unknown): ProblemError {
  const what = parts.map((part) => PART_WORDS[part]).join(' and ')
  return new ProblemError(
    'conflict',
    `The disk is as in “${name}”, but ${what} could not be put back: ${problemOf(cause).message}`,
    { hint: `They do not fit each other now. Mend the cause and go back again, or go back to “${before}”.`, cause },
  )
}
