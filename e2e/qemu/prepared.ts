import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { definitionText } from '#core/definition/definition.ts'
import { varsFile } from '#core/definition/firmware/vars-file.ts'
import { startScript } from '#core/definition/qemu/script.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'
import { type VmDefinition, type VmPaths, vmPaths } from '#shared/vm/vm.ts'
import { withoutCardAndKvm } from './workstation.ts'

interface Prepared {
  script: string
  run: string
  /** Where this VM's files lie. */
  paths: VmPaths
}

/** Writes start-vm.sh with everything it needs below a temporary directory; without card and KVM, which a test has not. */
export async function prepare(definition: VmDefinition, qemu: QemuFacts): Promise<Prepared> {
  const data = await temporaryDirectory('vm')
  const run = join(data, 'run')
  const moved = (path: string) => path.replace(DATA_DIRECTORY, data)
  const paths = vmPaths(definition.name)
  await mkdir(moved(paths.tpmState), { recursive: true })
  const { firmware, disk } = definition
  if (firmware !== null) await copyFile(firmware.varsTemplate, moved(varsFile(definition.name, firmware)))
  if (disk?.kind === 'new')
    await execa('qemu-img', [
      'create',
      '-q',
      '-f',
      disk.format,
      moved(`${paths.disk}.${disk.format}`),
      `${disk.sizeGiB}G`,
    ])
  const text = withoutCardAndKvm(startScript(definition, qemu, run).replaceAll(DATA_DIRECTORY, data))
  const script = moved(paths.script)
  await mkdir(dirname(script), { recursive: true })
  await writeFile(script, text, { mode: 0o755 })
  await writeFile(moved(paths.definition), definitionText(definition))
  return { script, run, paths: { ...vmPaths(definition.name, run), script } }
}

/** Command lines of living processes that name this directory. */
export async function processesWith(directory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))
  // One that ends in between has no command line any more.
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(directory))
}
