import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { isGpu, shortAddress } from '#shared/facts/pci.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { type Check, eachSubject, named, no, qemuWords, type Seen, type Shown, unchecked, yes } from './seen.ts'

export const kvm: Check = ({ kvm: found, cpu }) => {
  const modules = found.modules.length === 0 ? 'no KVM module is loaded' : `${found.modules.join(', ')} is loaded`
  if (found.device) return no(`/dev/kvm exists here and ${modules}.`)
  const flag = cpu.virtualization === null ? 'lists neither vmx nor svm' : `lists ${cpu.virtualization}`
  return yes(`/dev/kvm does not exist here, ${modules}, and the CPU ${flag}.`)
}

export const kvmAccess: Check = ({ kvm: found, session }) =>
  found.device
    ? unchecked(`/dev/kvm exists here. Whether user id ${session.uid} may open it was not tried.`)
    : yes('/dev/kvm does not exist here.')

export const iommu: Check = (facts) => {
  const { acpiTable, groups } = facts.iommu
  if (groups.length > 0) return no(`The IOMMU is on here now: ${groups.length} groups.`)
  if (isUnknown(acpiTable)) return yes('This host has 0 IOMMU groups; its ACPI tables could not be read.')
  const table = acpiTable === null ? 'neither a DMAR nor an IVRS table' : `a ${acpiTable} table`
  return yes(`This host has 0 IOMMU groups, and its firmware offers ${table}.`)
}

export const remapping: Check = ({ iommu: { interruptRemapping } }) => {
  if (isUnknown(interruptRemapping)) return unchecked('Whether interrupts are remapped here could not be read.')
  return interruptRemapping
    ? no('Interrupt remapping is on here: /proc/interrupts lists IR- chips.')
    : yes('Interrupt remapping is off here: /proc/interrupts lists no IR- chip.')
}

/** Ranges of type `direct` are refused by VFIO; `direct-relaxable` ones are not (sysfs-kernel-iommu_groups). */
export const reserved: Check = (facts, seen) => {
  const ids = new Set(groupsOf(facts, seen))
  const groups = facts.iommu.groups.filter((group) => ids.has(group.id))
  if (groups.length === 0) return unchecked('The group it is about cannot be found on this host.')
  const bound = groups.find((group) => !isUnknown(group.reserved) && group.reserved.some(isDirect))
  if (bound !== undefined) return yes(`Group ${bound.id} has a reserved range of type direct.`)
  const dark = groups.find((group) => isUnknown(group.reserved))
  if (dark !== undefined) return unchecked(`The reserved ranges of group ${dark.id} could not be read.`)
  return no(`No reserved range of type direct in group ${groups.map(({ id }) => id).join(', ')}.`)
}

function isDirect(range: { type: string }): boolean {
  return range.type === 'direct'
}

function groupsOf({ devices }: Facts, { address, group }: Seen): number[] {
  if (address === null && group !== null) return [group]
  return devices
    .filter((device) => (address === null ? isGpu(device) : device.address === address))
    .flatMap((device) => (device.iommuGroup === null ? [] : [device.iommuGroup]))
}

/** Whose fault it is differs when the device is the guest's or the host's. */
export const faultingDevice: Check = (facts, seen) => {
  if (seen.address === null) return unchecked('The message names no device that could be looked up.')
  return eachSubject(facts, seen, (device) =>
    heldByVfio(device)
      ? yes(`${named(device)} is in the hands of vfio-pci.`)
      : yes(`${named(device)} belongs to the host (${device.driver ?? 'no driver'}).`),
  )
}

export const versions: Check = (facts) =>
  unchecked(`This host runs kernel ${facts.kernel.release} and has ${qemuWords(facts)}.`)

export const width: Check = ({ cpu }) =>
  unchecked(`The address width of this host’s IOMMU is not read. Its CPU is ${cpu.model}.`)

export const earlyKernel: Check = ({ kernel, host }) => {
  const maker = isUnknown(host.vendor) ? 'of unknown make' : host.vendor
  return unchecked(
    `This host runs kernel ${kernel.release} on a machine ${maker === 'of unknown make' ? maker : `by ${maker}`}.`,
  )
}

/** The two point releases that broke resets, and what runs here. */
export const release: Check = ({ kernel }) =>
  /^(?:6\.14\.2|6\.12\.23)\b/u.test(kernel.release)
    ? yes(`This host runs ${kernel.release}, one of the two.`)
    : no(`This host runs ${kernel.release}, neither of the two.`)

/** A merged module is asked for in vain from kernel 6.2 on. */
export const virqfd: Check = ({ kernel }) => {
  const [major = 0, minor = 0] = kernel.release.split('.').map(Number)
  const merged = major > 6 || (major === 6 && minor >= 2)
  return merged
    ? yes(`Kernel ${kernel.release} here has no vfio_virqfd of its own any more.`)
    : no(`Kernel ${kernel.release} here still has vfio_virqfd as a module of its own.`)
}

export const nested: Check = ({ cpu }) =>
  cpu.hypervisor ? yes('This host is itself a virtual machine.') : no('This host is no virtual machine.')

export const cpuVendor: Check = ({ cpu }) =>
  cpu.vendor === 'amd' ? yes(`The CPU here is ${cpu.model}, an AMD.`) : no(`The CPU here is ${cpu.model}, no AMD.`)

export const memory: Check = ({ memory: { totalMiB } }) =>
  unchecked(`This host has ${totalMiB} MiB of memory. How much of it was free then is not known.`)

export const hugePages: Check = ({ kernel, memory: { totalMiB, hugePages: counts } }) => {
  const asked = kernel.cmdline.split(/\s+/u).filter((word) => /^(?:default_)?hugepages/u.test(word))
  const words = asked.length === 0 ? 'reserves no huge pages' : `says ${asked.join(' ')}`
  const pool =
    counts === null || isUnknown(counts)
      ? 'huge pages of 2 MiB cannot be counted'
      : `${counts.free} huge pages of 2 MiB are free and ${counts.limit} more may be made`
  return unchecked(`The kernel command line here ${words}; the host has ${totalMiB} MiB, and ${pool} now.`)
}

export const bootVga: Check = (facts, seen) =>
  eachSubject(facts, seen, (device): Shown => {
    if (device.bootVga === true) return yes(`${named(device)} is the boot display here, whose ROM is a shadow copy.`)
    return no(`${named(device)} is not the boot display of this host.`)
  })

/** Tells whether a boot framebuffer still holds memory of a card, and which one. */
export const framebuffer: Check = ({ framebuffers, devices }) => {
  if (isUnknown(framebuffers))
    return unchecked('/proc/iomem shows no addresses to this user, so who holds the memory is not known.')
  const first = framebuffers[0]
  if (first === undefined) return no('No boot framebuffer holds memory on this host now.')
  const boot = devices.find((device) => device.bootVga === true)
  const card =
    boot === undefined ? '' : ` The boot display is ${shortAddress(boot.address)}, class ${boot.classId.slice(0, 4)}.`
  return yes(`${framebuffers.map(({ name }) => name).join(', ')} holds ${first.start} to ${first.end} here.${card}`)
}

/** As above, and it is simpledrm or a card that is not of class VGA, from which vfio-pci evicts nothing. */
export const simpledrm: Check = (facts, seen) => {
  const shown = framebuffer(facts, seen)
  if (isUnknown(facts.framebuffers) || facts.framebuffers.length === 0) return shown
  const modern = facts.framebuffers.some(({ name }) => /simple/iu.test(name))
  return modern ? shown : no(`${shown.text} None of them is simpledrm.`)
}
