import { toolText } from '#host/exec/tool-text.ts'
import type { Host } from '#host/host.ts'
import { deviceNames, listedNames, machineNames, propertyNames } from '#host/parse/qemu-help.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { type Facts, QEMU_BINARIES, type QemuFacts } from '#shared/facts/facts.ts'
import { gatherFirmware } from '../firmware.ts'
import { askOnKernel } from './on-kernel.ts'
import { askSharing } from './sharing.ts'

type Probe = Omit<QemuFacts, 'firmware'>

/** Where distributions put QEMU, and the parts of it that come as packages of their own. */
const PLACES = ['/usr/bin', '/usr/libexec']
const PARTS = ['/usr/lib/x86_64-linux-gnu/qemu', '/usr/lib64/qemu-kvm', '/usr/lib64/qemu', '/usr/lib/qemu']

const probed = new WeakMap<Host, { probe: Probe; installed: string }>()

/** Asks the QEMU binary itself what it can do, once for each that is installed; its version number decides nothing. */
export async function gatherQemu(host: Host): Promise<Facts['qemu']> {
  if (host.coverage !== undefined) return unknownBecause('the text does not tell which QEMU is installed')
  // A QEMU that is installed later has to be found, so "none" is not kept; nor are firmware packages.
  const installed = await installation(host)
  const former = probed.get(host)
  const known = former?.installed === installed ? former.probe : await probe(host)
  if (known === null || isUnknown(known)) return known
  probed.set(host, { probe: known, installed })
  return { ...known, firmware: await gatherFirmware(host) }
}

/** Changes when QEMU is updated, a part of it is installed or removed, or KVM lets us in or not. */
async function installation(host: Host): Promise<string> {
  const binaries = PLACES.flatMap((place) => QEMU_BINARIES.map((binary) => `${place}/${binary}`))
  const [stamps, parts, kvm] = await Promise.all([
    Promise.all(binaries.map((path) => host.stamp(path))),
    Promise.all(PARTS.map((path) => host.list(path))),
    host.read('/dev/kvm'),
  ])
  return JSON.stringify([stamps, parts, kvm])
}

async function probe(host: Host): Promise<OrUnknown<Probe | null>> {
  for (const binary of QEMU_BINARIES) {
    const found = (await host.has(binary)) ? await askBinary(host, binary) : null
    if (found !== null) return found
  }
  return null
}

/** Null: it is not installed after all. */
async function askBinary(host: Host, binary: QemuFacts['binary']): Promise<OrUnknown<Probe | null>> {
  const [version, machines, devices, more, onKernel, sharing] = await Promise.all([
    toolText(host, binary, ['-version']),
    toolText(host, binary, ['-machine', 'help']),
    toolText(host, binary, ['-device', 'help']),
    details(host, binary),
    askOnKernel(host, binary),
    askSharing(host),
  ])
  if (version === null || machines === null || devices === null) return null
  if (isUnknown(version)) return version
  if (isUnknown(machines)) return machines
  if (isUnknown(devices)) return devices
  return {
    binary,
    version: /version (\S+)/u.exec(version)?.[1] ?? 'unknown',
    ...machineNames(machines),
    devices: deviceNames(devices),
    ...more,
    ...onKernel,
    sharing,
  }
}

type Details = Pick<Probe, 'machineProperties' | 'cpuProperties' | 'objects' | 'audio'>

/** Asks QEMU for its details; what an old binary does not print is null, and nothing that depends on it is used. */
async function details(host: Host, binary: QemuFacts['binary']): Promise<Details> {
  const ask = async (args: string[], names: (text: string) => string[]) => {
    const answer = await toolText(host, binary, args)
    return answer === null || isUnknown(answer) ? null : names(answer)
  }
  const [machineProperties, cpuProperties, objects, audio] = await Promise.all([
    ask(['-machine', 'q35,help'], propertyNames),
    ask(['-device', 'host-x86_64-cpu,help'], propertyNames),
    ask(['-object', 'help'], listedNames),
    ask(['-audiodev', 'help'], listedNames),
  ])
  return { machineProperties, cpuProperties, objects, audio }
}
