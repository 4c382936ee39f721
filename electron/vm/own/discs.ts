import { DISC_DRIVES, driveId, type VmDisc } from '#shared/vm/disc.ts'
import type { VmPaths } from '#shared/vm/vm.ts'
import { withQmp } from '../qmp/client.ts'
import { qmpBlocks } from '../qmp/messages.ts'

/** Opening an image on a share that sleeps takes its time. */
const LIMIT_MS = 60_000

type Control = Pick<VmPaths, 'qmp'>

/** Returns what lies in the drives that QEMU has. One that an earlier version started has none that can be told. */
export async function discsOf({ qmp }: Control): Promise<VmDisc[]> {
  const blocks = await withQmp(qmp, LIMIT_MS, async (client) => qmpBlocks.parse(await client.command('query-block')))
  return DISC_DRIVES.flatMap((drive) => {
    const found = blocks.find(({ qdev }) => qdev === driveId(drive))
    return found === undefined ? [] : [{ drive, path: found.inserted?.file ?? null }]
  })
}

/**
 * Puts another disc into a drive, or takes it out: until the VM's next start, which has those of its definition. A guest
 * that has locked the tray sees its disc gone all the same; nothing can be written to one.
 */
export async function changeDisc({ qmp }: Control, { drive, path }: VmDisc): Promise<void> {
  const id = driveId(drive)
  await withQmp(qmp, LIMIT_MS, async (client) => {
    await client.command('eject', { id, force: true })
    if (path === null) return
    const how = { format: 'raw', 'read-only-mode': 'read-only' } as const
    await client.command('blockdev-change-medium', { id, filename: path, ...how })
  })
}
