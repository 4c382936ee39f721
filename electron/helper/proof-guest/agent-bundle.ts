import { toolText } from '#host/exec/tool-text.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Member } from './cpio.ts'
import { librariesOf } from './libraries.ts'

/** Where the agent lies in the proof guest, with a loader and libraries of its own beside it. */
export const AGENT_DIRECTORY = 'passthrough-studio-agent'

const AGENT = ['/usr/sbin/qemu-ga', '/usr/bin/qemu-ga']
const INSMOD = ['/usr/sbin/insmod', '/sbin/insmod']
/** What a kernel needs for the channel when it has it as modules. */
const MODULES = ['virtio_pci', 'virtio_console']

const DIRECTORY = 0o040755
const EXECUTABLE = 0o100755
const FILE = 0o100644

/**
 * This host's own qemu-ga with all it needs, as members of an initramfs; empty where it is not installed. Its libraries
 * lie beside it and not in the guest's /lib, so whatever the guest's own programs use stays as it is.
 */
export async function agentMembers(system: System, release: string): Promise<Member[]> {
  const [agent, insmod] = [await firstFile(system, AGENT), await firstFile(system, INSMOD)]
  if (agent === null || insmod === null) return []
  const needed = await librariesOf(system, [agent, insmod])
  const modules = await modulesOf(system, release)
  if (needed === null || modules === null) return []
  const members: Member[] = [
    member('', DIRECTORY, new Uint8Array()),
    ...(await copied(
      system,
      [
        { path: agent, name: 'qemu-ga' },
        { path: insmod, name: 'insmod' },
      ],
      EXECUTABLE,
    )),
    ...(await copied(system, [{ path: needed.loader, name: 'ld.so' }, ...needed.libraries.map(named)], EXECUTABLE)),
    ...(await copied(system, modules.map(named), FILE)),
    member('/modules', FILE, new TextEncoder().encode(modules.map((path) => `${baseName(path)}\n`).join(''))),
  ]
  return members
}

interface Source {
  path: string
  name: string
}

function named(path: string): Source {
  return { path, name: baseName(path) }
}

function member(name: string, mode: number, data: Uint8Array): Member {
  return { name: `${AGENT_DIRECTORY}${name}`, mode, data }
}

async function copied(system: System, sources: readonly Source[], mode: number): Promise<Member[]> {
  const members: Member[] = []
  for (const { path, name } of sources) {
    const data = await system.bytes(path)
    if (data !== null) members.push(member(`/${name}`, mode, data))
  }
  return members
}

/** Module files in the order they have to be loaded; none for what is built in (modprobe(8), --show-depends). */
async function modulesOf(system: System, release: string): Promise<string[] | null> {
  const paths = new Set<string>()
  for (const module of MODULES) {
    const said = await toolText(system, 'modprobe', ['-S', release, '--show-depends', module])
    if (said === null || isUnknown(said)) return null
    for (const [, path = ''] of said.matchAll(/^insmod (\S+)/gmu)) paths.add(path)
  }
  return [...paths]
}

async function firstFile(system: System, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await system.state(path)) !== null) return path
  return null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
