import { isUnknown } from '#shared/base/unknown.ts'
import { kernelArgValues, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { classWords, isBridge, isGpu, shortAddress } from '#shared/facts/pci.ts'
import { blocksGroup } from '#shared/units/drivers.ts'
import { isVfioDriver } from '#shared/units/drivers.ts'
import { type Check, named, no, qemuWords, unchecked, yes } from './seen.ts'

/** Kernels known to carry the out-of-tree override: linux-zen and Proxmox, and flavours built on the former. */
const CARRIES_OVERRIDE = /-(?:zen|pve|lqx|xanmod|cachyos)/u

export const acsOverride: Check = ({ kernel }) => {
  if (!/(?:^|\s)pcie_acs_override=/u.test(kernel.cmdline))
    return no('pcie_acs_override is not on the kernel command line here.')
  return CARRIES_OVERRIDE.test(kernel.release)
    ? no(`pcie_acs_override is on the kernel command line, and ${kernel.release} is of a kind that honours it.`)
    : yes(`pcie_acs_override is on the kernel command line, and ${kernel.release} is not of a kind known to honour it.`)
}

/** Devices that vfio-pci.ids names and another driver has. */
export const idsIgnored: Check = ({ kernel, devices }) => {
  const args = parseKernelArgs(kernel.cmdline)
  const ids = ['vfio-pci.ids', 'vfio_pci.ids']
    .flatMap((name) => kernelArgValues(args, name))
    .flatMap((value) => value.split(','))
  if (ids.length === 0)
    return unchecked('vfio-pci.ids is not on the kernel command line here; module options are not read.')
  const lost = devices.filter(
    (device) =>
      ids.includes(`${device.vendorId}:${device.deviceId}`) && !isBridge(device) && blocksGroup(device.driver),
  )
  const words = lost.map((device) => `${named(device)} is on ${device.driver ?? 'no driver'}`)
  return lost.length === 0
    ? no('Every device that vfio-pci.ids names here is free or on vfio-pci.')
    : yes(`vfio-pci.ids names it, and yet ${words.join('; ')}.`)
}

/** A card whose override says vfio-pci and which has no driver at all. */
export const unbound: Check = ({ devices }) => {
  const left = devices.filter((device) => isVfioDriver(device.driverOverride) && device.driver === null)
  if (left.length > 0) return yes(`${left.map(named).join('; ')} is meant for vfio-pci and has no driver.`)
  const bare = devices.filter((device) => isGpu(device) && device.driver === null)
  return bare.length === 0
    ? no('Every display controller here has a driver.')
    : unchecked(`${bare.map(named).join('; ')} has no driver here, and no override.`)
}

export const vfioModule: Check = ({ kernel }) => {
  if (isUnknown(kernel.vfioPci)) return unchecked('Whether vfio-pci is built in here could not be read.')
  const words = { builtin: 'built into', module: 'a module of', missing: 'missing from' }[kernel.vfioPci]
  const text = `vfio-pci is ${words} kernel ${kernel.release}, and ${kernel.vfioPciReady ? 'ready' : 'not loaded'}.`
  return kernel.vfioPci === 'builtin' ? yes(text) : no(text)
}

/** The same, where it matters that it is loaded at all. */
export const vfioLoaded: Check = (facts, seen) => {
  const { text } = vfioModule(facts, seen)
  return facts.kernel.vfioPciReady ? no(text) : yes(text)
}

export const bootTools: Check = ({ boot, host }) => {
  const loaders = boot.loaders.map(({ id }) => id).join(', ')
  const builders = boot.initramfs.map(({ id }) => id).join(', ')
  return unchecked(
    `${host.osName} here; boot loader: ${loaders === '' ? 'not recognised' : loaders}; initramfs: ${builders === '' ? 'not recognised' : builders}.`,
  )
}

export const onlyDisplay: Check = ({ devices }) => {
  const displays = devices.filter(isGpu)
  const boot = displays.find((device) => device.bootVga === true)
  const only = displays.length === 1 ? ', the only one' : ''
  return boot === undefined
    ? unchecked(`No boot display is known here; display controllers: ${displays.length}.`)
    : unchecked(`The boot display here is ${named(boot)}${only}. How far that boot came cannot be seen now.`)
}

export const qemu: Check = (facts) => unchecked(`This host has ${qemuWords(facts)}.`)

/** Machine types this QEMU offers. */
export const machines: Check = (facts) => {
  if (facts.qemu === null || isUnknown(facts.qemu)) return qemu(facts, { address: null, group: null, text: '' })
  const pinned = facts.qemu.machines.filter((name) => name.startsWith('pc-q35-'))
  return unchecked(`QEMU ${facts.qemu.version} here offers ${pinned.length} versions of q35.`)
}

export const bridges: Check = ({ network }) => {
  const all = network.links.filter(({ kind }) => kind === 'bridge').map(({ name }) => name)
  return all.length === 0 ? yes('This host has no bridge.') : no(`Bridges here: ${all.join(', ')}.`)
}

export const wireless: Check = ({ network }) => {
  const all = network.links.filter(({ kind }) => kind === 'wireless').map(({ name }) => name)
  return all.length === 0 ? no('This host has no wireless link.') : yes(`Wireless here: ${all.join(', ')}.`)
}

export const docker: Check = ({ network }) => {
  const found = network.links.some(({ name }) => name === 'docker0')
  return found
    ? unchecked('docker0 exists here. The firewall rules are not read.')
    : no('There is no docker0 here. The firewall rules are not read.')
}

export const apparmor: Check = () =>
  unchecked('The rules of AppArmor and SELinux are not read here; name= in the message is the file.')

export const selinux: Check = ({ host }) => {
  if (isUnknown(host.selinux)) return unchecked(`Whether SELinux is on was not read: ${host.selinux.unknown}.`)
  if (host.selinux === null) return no('SELinux is off here.')
  return host.selinux === 'enforcing'
    ? yes('SELinux is enforcing here.')
    : no('SELinux is permissive here: it tells what it would refuse, and refuses nothing.')
}

export const file: Check = () =>
  unchecked('Not checked here: who may read that file is not among what is read of this host.')

export const limits: Check = ({ memory }) =>
  unchecked(`Limits of other processes are not read here. This host has ${memory.totalMiB} MiB of memory.`)

export const guest: Check = () =>
  unchecked('Not checked here: it happens inside the guest, where this program does not look.')

export const argument: Check = () => unchecked('Not checked here: it is about the command line that QEMU was given.')

export const secureBoot: Check = ({ boot }) =>
  boot.firmware === 'bios'
    ? no('This host was started by BIOS, so without Secure Boot.')
    : unchecked('This host was started by UEFI. Whether Secure Boot is on was not read.')

/** Display controllers of one kind, for rules about graphics built into the CPU. */
export const integrated: Check = ({ devices }) => {
  const own = devices.find(
    (device) => isGpu(device) && device.vendorId === '8086' && device.address.endsWith(':00:02.0'),
  )
  return own === undefined
    ? no('This host shows no Intel graphics at 00:02.0.')
    : yes(
        `${shortAddress(own.address)} here is a ${classWords(own.classId)} by Intel, on ${own.driver ?? 'no driver'}.`,
      )
}
