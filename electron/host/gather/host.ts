import type { ReadResult } from '#shared/base/system.ts'
import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { parseCpuinfo } from '../parse/cpuinfo.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'
import { readText, readWord } from '../read.ts'
import { sha256 } from '../sha256.ts'

/** Gathers who this host is. */
export async function gatherHostIdentity(host: Host): Promise<Facts['host']> {
  const [hostname, vendor, product, release, bootId, machineId, container, bios, proxmox, selinux] = await Promise.all([
    readWord(host, '/proc/sys/kernel/hostname'),
    readText(host, '/sys/class/dmi/id/sys_vendor'),
    readText(host, '/sys/class/dmi/id/product_name'),
    readWord(host, '/etc/os-release'),
    readWord(host, '/proc/sys/kernel/random/boot_id'),
    beforeRecorded(() => readWord(host, '/etc/machine-id'), null),
    insideContainer(host),
    biosOf(host),
    beforeRecorded(async () => (await host.read('/usr/bin/pveversion')).kind !== 'absent', false),
    beforeRecorded(() => selinuxOf(host), null),
  ])
  return {
    hostname: hostname ?? 'unnamed',
    vendor: typeof vendor === 'string' ? vendor.trim() : unknownBecause('/sys/class/dmi/id/sys_vendor does not say'),
    product:
      typeof product === 'string' ? product.trim() : unknownBecause('/sys/class/dmi/id/product_name does not say'),
    osId: osField(release ?? '', 'ID') || 'unknown',
    osName: osField(release ?? '', 'PRETTY_NAME') || 'an unnamed distribution',
    bootId: bootId ?? '',
    seed: seedOf(machineId),
    container,
    bios,
    proxmox,
    selinux,
  }
}

/** The machine id itself is nobody else's business (machine-id(5)); "uninitialized" while an image boots first. */
function seedOf(machineId: string | null): string | null {
  return /^[0-9a-f]{32}$/u.test(machineId ?? '') ? sha256(`passthrough-studio ${machineId}`) : null
}

/** Version and date as the board's maker writes them (SMBIOS type 0). */
async function biosOf(host: Host): Promise<Facts['host']['bios']> {
  const [version, date] = await Promise.all([
    readText(host, '/sys/class/dmi/id/bios_version'),
    readWord(host, '/sys/class/dmi/id/bios_date'),
  ])
  if (version === null || isUnknown(version)) return version
  return date === null ? version.trim() : `${version.trim()} of ${date}`
}

/** There only where SELinux is on (selinuxfs); 1 is enforcing. */
async function selinuxOf(host: Host): Promise<Facts['host']['selinux']> {
  const mode = await readText(host, '/sys/fs/selinux/enforce')
  if (mode === null || isUnknown(mode)) return mode
  return mode.trim() === '1' ? 'enforcing' : 'permissive'
}

/** `container` marks of podman, docker and systemd (systemd: Container Interface). */
async function insideContainer(host: Host): Promise<boolean> {
  const marks = ['/run/.containerenv', '/.dockerenv', '/run/systemd/container']
  const reads = await Promise.all(marks.map((path) => host.read(path)))
  return reads.some((result) => result.kind !== 'absent')
}

function osField(release: string, name: string): string {
  const match = new RegExp(`^${name}=("?)(.*)\\1$`, 'mu').exec(release)
  return match?.[2] ?? ''
}

export async function gatherCpu(host: Host): Promise<Facts['cpu']> {
  return parseCpuinfo((await readWord(host, '/proc/cpuinfo')) ?? '')
}

/** /dev/kvm and the modules behind it. */
export async function gatherKvm(host: Host): Promise<Facts['kvm']> {
  const [nodes, opened, intel, amd, apicv] = await Promise.all([
    listOrEmpty(host, '/dev'),
    host.read('/dev/kvm'),
    host.list('/sys/module/kvm_intel'),
    host.list('/sys/module/kvm_amd'),
    beforeRecorded(() => hasApicv(host), false),
  ])
  const modules = [intel.kind === 'names' ? 'kvm_intel' : '', amd.kind === 'names' ? 'kvm_amd' : '']
  const device = nodes.includes('kvm')
  return { device, modules: modules.filter((name) => name !== ''), open: openedAs(device, opened), apicv }
}

/** Parameters of KVM's modules, which say what is in use, not what was asked for (arch/x86/kvm). */
async function hasApicv(host: Host): Promise<boolean> {
  const [intel, amd] = await Promise.all([
    readWord(host, '/sys/module/kvm_intel/parameters/enable_apicv'),
    readWord(host, '/sys/module/kvm_amd/parameters/avic'),
  ])
  return [intel, amd].some((word) => word === 'Y' || word === '1')
}

/** Reading /dev/kvm fails with EINVAL once it is open; what comes before that is the answer of open(2). */
function openedAs(device: boolean, opened: ReadResult): Facts['kvm']['open'] {
  if (opened.kind === 'text') return 'opened'
  if (opened.kind === 'absent') return device ? 'no-driver' : unknownBecause('/dev/kvm is not there')
  if (opened.why.endsWith('EINVAL')) return 'opened'
  return /E(ACCES|PERM)$/u.test(opened.why) ? 'denied' : unknownBecause(opened.why)
}

/** Gathers the human accounts: those a VM can run as. */
export async function gatherUsers(host: Host): Promise<Facts['users']> {
  const passwd = (await readWord(host, '/etc/passwd')) ?? ''
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid, , home]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid), home: home ?? '/' }))
    .filter((user) => user.uid >= 1000 && user.uid < 60_000)
}
