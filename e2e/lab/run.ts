import { labImage } from './image.ts'
import { preparedDisk } from './installed.ts'
import { bootOnce, type LabOptions, type LabRun } from './machine.ts'

/** Boots a machine that has never seen the program. */
export async function runUninstalled(name: string, job: string, more: LabOptions = {}): Promise<LabRun> {
  const path = await labImage(more.flavour ?? 'workstation')
  return bootOnce(name, job, { ...more, base: { path, format: 'raw' } })
}

/** Boots a machine on which the package of this checkout is installed, and waits until the job has powered it off. */
export async function runInLab(name: string, job: string, more: LabOptions = {}): Promise<LabRun> {
  const path = await preparedDisk(more.flavour ?? 'workstation')
  return bootOnce(name, job, { ...more, base: { path, format: 'qcow2' } })
}

/** Boots a machine again that was switched off and had its disk kept, e.g. with other devices. */
export async function runAgain(name: string, job: string, disk: string, more: LabOptions = {}): Promise<LabRun> {
  return bootOnce(name, job, { ...more, base: { path: disk, format: 'qcow2' } })
}
