import type { DiskSnapshots } from '#shared/vm/disk-snapshots.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Engine } from '../engine.ts'

/** Snapshots of the VM's disk, or why there can be none just now. */
export async function listSnapshots(engine: Engine): Promise<DiskSnapshots> {
  if (engine.busy) return { why: 'Another action is under way.', image: null, list: [] }
  return engine.imageReads.begun(engine.session.vm.snapshots.list(engine.mustHaveDefinition()))
}

export async function takeSnapshot(engine: Engine, name: string): Promise<void> {
  await withSnapshots(engine, `Taking the snapshot “${name}”`, async (definition) => {
    await engine.session.vm.snapshots.take(definition, name)
    return `The snapshot “${name}” is taken.`
  })
}

/** Goes back to a snapshot, after taking one of the present state. */
export async function goBackTo(engine: Engine, name: string): Promise<void> {
  await withSnapshots(engine, `Going back to “${name}”`, async (definition) => {
    const before = await engine.session.vm.snapshots.goBack(definition, name)
    return `The VM is as in “${name}” again. What it was until now is kept as “${before}”.`
  })
}

export async function removeSnapshot(engine: Engine, name: string): Promise<void> {
  await withSnapshots(engine, `Deleting the snapshot “${name}”`, async (definition) => {
    await engine.session.vm.snapshots.remove(definition, name)
    return `The snapshot “${name}” is deleted.`
  })
}

/** Runs work on the snapshots exclusively, so that the VM does not start meanwhile. The notice says what was done. */
async function withSnapshots(
  engine: Engine,
  text: string,
  work: (definition: VmDefinition) => Promise<string>,
): Promise<void> {
  await engine.exclusively('definition', async () => {
    engine.set({ phase: { kind: 'applying', step: 'definition', done: 0, total: 1, text }, notice: null })
    await engine.imageReads.ended()
    engine.set({ notice: await work(engine.mustHaveDefinition()) })
  })
}
