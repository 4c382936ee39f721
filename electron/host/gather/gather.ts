import {
  DATA_DIRECTORY,
  ENTRY_DIRECTORIES,
  OWN_FILES,
  PROXMOX_UUIDS,
  RESCUE_ENTRY,
  SWTPM_PROFILE,
} from '#shared/base/own-files.ts'
import { AUTOSTART_UNIT, AUTOSTART_WANT, START_RULE } from '#shared/base/own-files.ts'
import { TOOLS } from '#shared/base/system.ts'
import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { type Facts, FACTS_VERSION } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { Proofs } from '#shared/facts/proofs.ts'
import { leadGpus, unitOf } from '#shared/units/unit.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { toolText } from '../exec/tool-text.ts'
import type { Host } from '../host.ts'
import { parseFramebuffers } from '../parse/iomem.ts'
import { findClaims } from '../probe/claims/claims.ts'
import { findHolders } from '../probe/holders.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'
import { findMounts } from '../probe/mounts.ts'
import { readText } from '../read.ts'
import { sha256 } from '../sha256.ts'
import { gatherBoot } from './boot/boot.ts'
import { gatherDevices } from './devices.ts'
import { gatherDriverRules } from './drivers/driver-rules.ts'
import { gatherDriverScripts } from './drivers/driver-scripts.ts'
import { gatherFlashes } from './flashes.ts'
import { gatherCpu, gatherHostIdentity, gatherKvm, gatherUsers } from './host.ts'
import { gatherIommu } from './iommu.ts'
import { gatherKernel } from './kernel.ts'
import { gatherMemory } from './memory.ts'
import { gatherNetwork } from './network.ts'
import { gatherPeripherals } from './peripherals.ts'
import { gatherQemu } from './qemu/qemu.ts'
import { gatherServices } from './services.ts'
import { gatherTopology } from './topology.ts'

/** Configuration directories whose files matter for a plan. */
const WATCHED = ['/etc/default/grub.d', '/etc/modprobe.d', '/etc/modules-load.d', '/etc/network/interfaces.d']

/** Variables of code that is not what the VM began with have their size in KiB in their name (edk2's OvmfPkgDefines.fdf.inc). */
const VARS_SIZES = ['', '-128k', '-528k']
const VARS_FORMATS = ['fd', 'qcow2']

/** What tells the state of a VM's files; the notes lie beside disks and variable stores this program made. */
const VM_FILES = [
  ...['vm.json', 'start-vm.sh', 'host.sh', 'proof-guest.json', 'answers.iso.json'],
  ...['disk', 'disk2', 'disk3', 'disk4'].flatMap((name) => [`${name}.qcow2.json`, `${name}.raw.json`]),
  ...['vars', 'vars-secure'].flatMap((name) =>
    VARS_SIZES.flatMap((size) => VARS_FORMATS.map((format) => `${name}${size}.${format}.json`)),
  ),
]

/** Gathers everything a step may want to know of a host, read at one moment. Changes nothing, needs no privilege. */
export async function gatherFacts(host: Host, proofs: Proofs): Promise<Facts> {
  const users = gatherUsers(host)
  // At once: a look takes as long as its longest part.
  const [hardware, system, use] = await Promise.all([
    gatherHardware(host),
    gatherSystem(host, users),
    gatherUse(host, users),
  ])
  return {
    version: FACTS_VERSION,
    takenAt: host.now().toISOString(),
    ...hardware,
    ...system,
    ...use,
    flashes: await gatherFlashes(host, { qemu: use.qemu, files: system.files }),
    session: { uid: host.uid() },
    coverage: host.coverage?.() ?? null,
    vms: [],
    images: {},
    places: {},
    proofs,
  }
}

/** Gathers the PCI functions with their names from lspci, and who uses those that may be handed over. */
async function gatherHardware(
  host: Host,
): Promise<Pick<Facts, 'lspci' | 'devices' | 'driverRules' | 'driverScripts' | 'holders'>> {
  const said = (await host.has('lspci')) ? await toolText(host, 'lspci', ['-D', '-nnk']) : null
  // One that fails names nothing, as one that is not installed: half of a list would be taken for all of it.
  const lspci = isUnknown(said) ? null : said
  const [devices, driverRules] = await Promise.all([gatherDevices(host, lspci), gatherDriverRules(host, lspci ?? '')])
  const [driverScripts, holders] = await Promise.all([
    gatherDriverScripts(host, driverRules),
    findHolders(host, usedByPrograms(devices)),
  ])
  return { lspci, devices, driverRules, driverScripts, holders }
}

/** Functions that programs have open: cards, sound and disks. */
function usedByPrograms(devices: readonly Device[]): string[] {
  const onCards = leadGpus(devices).flatMap((gpu) => unitOf(gpu, devices))
  const others = devices.filter(({ classId }) => /^0[14]/u.test(classId))
  return [...new Set([...onCards, ...others])].map((device) => device.address)
}

/** Gathers what the host is, its kernel, and how it is booted. */
async function gatherSystem(host: Host, users: Promise<Facts['users']>) {
  const loading = gatherBoot(host)
  const [identity, cpu, topology, memory, kvm, iommu, kernel, boot, files] = await Promise.all([
    gatherHostIdentity(host),
    gatherCpu(host),
    gatherTopology(host),
    gatherMemory(host),
    gatherKvm(host),
    gatherIommu(host),
    gatherKernel(host),
    loading,
    loading.then((found) => gatherFiles(host, found, users)),
  ])
  return { host: identity, cpu, topology, memory, kvm, iommu, kernel, boot, files }
}

/** Gathers what the host uses its devices for, and what is installed. */
async function gatherUse(host: Host, people: Promise<Facts['users']>) {
  const mounts = findMounts(host)
  const [claims, framebuffers, framebufferConsole, vfioNodes, network, services, qemu, tools, users, peripherals] =
    await Promise.all([
      findClaims(host, mounts),
      gatherFramebuffers(host),
      gatherFramebufferConsole(host),
      gatherVfioNodes(host),
      gatherNetwork(host),
      gatherServices(host),
      gatherQemu(host),
      gatherTools(host),
      people,
      gatherPeripherals(host, mounts),
    ])
  return { claims, framebuffers, framebufferConsole, vfioNodes, network, services, qemu, tools, users, peripherals }
}

async function gatherFiles(host: Host, boot: Facts['boot'], users: Promise<Facts['users']>): Promise<Facts['files']> {
  const listed = await Promise.all(
    WATCHED.map(async (directory) => (await listOrEmpty(host, directory)).map((name) => `${directory}/${name}`)),
  )
  const vms = `${DATA_DIRECTORY}/vms`
  const uids = (await users).map(({ uid }) => uid)
  const machines = (await listOrEmpty(host, vms)).flatMap((name) => [
    ...VM_FILES.map((file) => `${vms}/${name}/${file}`),
    ...[vmPaths(name).unit, AUTOSTART_UNIT(name), AUTOSTART_WANT(name)],
    ...uids.map((uid) => START_RULE(name, uid)),
  ])
  const paths = [
    ...new Set([...Object.values(OWN_FILES), ...listed.flat(), ...machines, ...bootFiles(boot), SWTPM_PROFILE]),
  ]
  const entries = await Promise.all(paths.map(async (path) => [path, await gatherFile(host, path)] as const))
  return Object.fromEntries(entries)
}

/** Boot loader entries that are edited or copied, and the ones of ours. */
function bootFiles({ loaders }: Facts['boot']): string[] {
  const entries = loaders.flatMap(({ defaultEntry }) =>
    isUnknown(defaultEntry) || !defaultEntry.source.includes('/loader/entries/') ? [] : [defaultEntry.source],
  )
  return [PROXMOX_UUIDS, ...entries, ...ENTRY_DIRECTORIES.map((directory) => `${directory}/${RESCUE_ENTRY}`)]
}

/** Which files are looked for grows with each version; older recordings have none of the new ones. */
/** Reads a small text file, with its SHA-256; null: it is not there. */
export async function gatherFile(host: Host, path: string): Promise<Facts['files'][string]> {
  const text = await beforeRecorded(() => readText(host, path), null)
  if (text === null || isUnknown(text)) return text
  return { text, sha256: sha256(text) }
}

async function gatherFramebuffers(host: Host): Promise<Facts['framebuffers']> {
  const text = await readText(host, '/proc/iomem')
  if (isUnknown(text) || text === null) return unknownBecause('/proc/iomem cannot be read')
  return parseFramebuffers(text) ?? unknownBecause('/proc/iomem shows its addresses to root only')
}

/** Gathers whether a vtconsole with a frame buffer in its name is bound (Documentation/driver-api/console.rst). */
async function gatherFramebufferConsole(host: Host): Promise<Facts['framebufferConsole']> {
  const listed = await host.list('/sys/class/vtconsole')
  if (listed.kind === 'denied') return unknownBecause('/sys/class/vtconsole cannot be read')
  for (const name of listed.kind === 'names' ? listed.names : []) {
    const at = `/sys/class/vtconsole/${name}`
    const [about, bound] = [await readText(host, `${at}/name`), await readText(host, `${at}/bind`)]
    if (typeof about === 'string' && about.includes('frame buffer') && bound !== null && !isUnknown(bound))
      return bound.trim() === '1'
  }
  return false
}

async function gatherVfioNodes(host: Host): Promise<Facts['vfioNodes']> {
  const names = (await listOrEmpty(host, '/dev/vfio')).filter((name) => /^\d+$/u.test(name))
  return Promise.all(
    names.map(async (name) => ({ group: Number(name), uid: (await host.owner(`/dev/vfio/${name}`)) ?? 0 })),
  )
}

async function gatherTools(host: Host): Promise<Facts['tools']> {
  const entries = await Promise.all(
    TOOLS.map(async (tool) => [tool, await beforeRecorded(() => host.has(tool), false)] as const),
  )
  return Object.fromEntries(entries)
}
