import { claimsIn, isClaimed } from '#core/texts/early-bind.ts'
import { EARLY_BIND_NOTE, EARLY_RULES, OWN_FILES, RESCUE_WORD } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import type { NextDriver } from '#shared/ipc/driver-row.ts'
import { isReserved, VFIO_PCI } from '#shared/units/drivers.ts'
import type { Evidence } from '#shared/wizard/finding.ts'
import { citeFile } from '../evidence.ts'
import { citeCommand } from '../evidence.ts'
import {
  blacklistEvidence,
  type CommandLine,
  commandLineOf,
  driverOf,
  firstLoaded,
  idsFor,
  modulesFor,
  quoted,
  type Starting,
} from './driver-lines.ts'
import { scriptAbout } from './leftovers/scripts.ts'

/**
 * Returns which driver has a function after this host booted by default. What acts last wins: driverctl and udev rules
 * in the root filesystem, our rule in the initramfs, ids given to vfio-pci, then the module the kernel names. What
 * these do not settle is unknown.
 */
export function nextDrivers(starting: Starting): (device: Device) => NextDriver {
  const { facts } = starting
  if (facts.coverage !== null) return () => undetermined('The text does not tell how this host chooses drivers.', [])
  const cmdline = commandLineOf(starting)
  return (device) => decide(facts, cmdline, device)
}

function decide(facts: Facts, cmdline: CommandLine, device: Device): NextDriver {
  return (
    driverctl(facts, device) ??
    udevRule(facts, device) ??
    ownRule(facts, cmdline, device) ??
    foreignScript(facts, device) ??
    byIds(facts, cmdline, device) ??
    unreadRules(facts) ??
    byModule(facts, cmdline, device)
  )
}

function known(driver: string | null, why: string, evidence: readonly (Evidence | null)[]): NextDriver {
  return { driver, why, evidence: evidence.filter((each) => each !== null) }
}

/** Returns an unknown driver with the reason. */
function undetermined(why: string, evidence: readonly (Evidence | null)[]): NextDriver {
  return { driver: { unknown: why }, why, evidence: evidence.filter((each) => each !== null) }
}

/** Step 5: `claim ADDRESS 0xVENDOR 0xDEVICE` in the script that runs while the initramfs does. */
function ownRule(facts: Facts, cmdline: CommandLine, device: Device): NextDriver | null {
  for (const source of rulesTaken(facts)) {
    const file = facts.files[source]
    if (file === undefined || file === null) continue
    if (isUnknown(file))
      return undetermined(`Our rule cannot be read: ${file.unknown}.`, [citeFile(source, file.unknown)])
    const quote = file.text.split('\n').find((line) => line.startsWith(`claim ${device.address} `))
    if (quote !== undefined) return claimed(facts, cmdline, device, citeFile(source, quote))
  }
  return null
}

/** A rule is taken by its kind of generator; where none was recognised, any may. */
function rulesTaken({ boot: { initramfs } }: Facts): readonly string[] {
  if (initramfs.length === 0) return EARLY_RULES
  const debian = initramfs.some(({ id }) => id === 'initramfs-tools')
  const others = initramfs.some(({ id }) => id !== 'initramfs-tools')
  return EARLY_RULES.filter((path) => (path === OWN_FILES.initramfsInitTop ? debian : others))
}

/**
 * Returns whether the rule claims the function: it leaves alone an address that holds another device or its twin, and
 * everything when its argument is on the command line.
 */
function claimed(facts: Facts, cmdline: CommandLine, device: Device, rule: Evidence): NextDriver | null {
  if (!claimsIn(rule.quote ?? '').some((claim) => isClaimed(device, claim, facts.devices))) return null
  if (cmdline.args.includes(RESCUE_WORD)) return null
  if (device.iommuGroup === null)
    return undetermined('Our rule gives it to vfio-pci, which cannot take it while the IOMMU is off.', [rule])
  const before = facts.boot.earlyBind?.split('\n').find((line) => line.startsWith(device.address)) ?? null
  const note = before === null ? null : citeFile(EARLY_BIND_NOTE, before)
  return known(VFIO_PCI, 'Our rule binds it by address, before udev loads any driver.', [rule, note])
}

/** driverctl keeps the driver in a file named after the device, and sets it from udev (driverctl(8)). */
function driverctl(facts: Facts, device: Device): NextDriver | null {
  const rule = facts.driverRules.lines.find(({ source }) => source === `/etc/driverctl.d/${device.address}`)
  if (rule === undefined) return null
  return known(rule.line, 'driverctl sets this driver once the root filesystem is there.', [quoted(rule)])
}

/** Ids alone do not win: vfio-pci has to be loaded before the driver that also wants the function. */
function byIds(facts: Facts, cmdline: CommandLine, device: Device): NextDriver | null {
  const ids = idsFor(facts, cmdline, device)
  if (ids === null) return null
  if (device.iommuGroup === null)
    return undetermined('vfio-pci has its ids, but cannot take it while the IOMMU is off.', [ids])
  const names = modulesFor(facts, device.address)?.names ?? []
  const barred = names.map((name) => blacklistEvidence(facts, cmdline, name))
  const first = firstLoaded(facts, cmdline, names)
  if (first !== null) return known(VFIO_PCI, 'vfio-pci has its ids and is loaded first.', [ids, first])
  if (names.length > 0 && barred.every((each) => each !== null))
    return known(VFIO_PCI, 'vfio-pci has its ids, and no other module may be loaded for it.', [ids, ...barred])
  return undetermined(
    'vfio-pci has its ids, but nothing loads it first; the module that comes first takes the function.',
    [ids, seenModules(facts, device)],
  )
}

/**
 * Returns unknown where an admin's own udev rule may decide, and shows the rule. One without an address may mean any
 * device.
 */
function udevRule(facts: Facts, device: Device): NextDriver | null {
  const rule = facts.driverRules.lines.find(({ source, line }) => {
    if (!source.startsWith('/etc/udev/rules.d/') || !/driver|vfio|RUN/u.test(line)) return false
    const named = line.includes(shortAddress(device.address))
    const byIds = line.includes(`0x${device.vendorId}`) && line.includes(`0x${device.deviceId}`)
    return named || byIds || !/[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]|0x[0-9a-f]{4}"/u.test(line)
  })
  return rule === undefined ? null : undetermined('A udev rule of this host may be about it.', [quoted(rule)])
}

/** Somebody's own script in the initramfs, or run in place of loading vfio-pci, is not followed to its end. */
function foreignScript(facts: Facts, device: Device): NextDriver | null {
  const line = scriptAbout(facts, device)
  return line === null ? null : undetermined('A script of this host may be about it.', [quoted(line)])
}

function unreadRules({ driverRules: { unread } }: Facts): NextDriver | null {
  if (unread.length === 0) return null
  const seen = unread.map((source) => citeFile(source, 'cannot be read'))
  return undetermined('Not all rules of this host can be read, and one of them may say otherwise.', seen)
}

function seenModules(facts: Facts, device: Device): Evidence | null {
  const modules = modulesFor(facts, device.address)
  return modules === null || modules.line === '' ? null : citeCommand(`lspci -k -s ${device.address}`, modules.line)
}

/** Returns the host's own driver: the one of today unless VFIO holds it now, else the one module that may be loaded. */
function byModule(facts: Facts, cmdline: CommandLine, device: Device): NextDriver {
  const names = modulesFor(facts, device.address)?.names ?? []
  const free = names.filter((name) => blacklistEvidence(facts, cmdline, name) === null)
  const now = citeFile(`/sys/bus/pci/devices/${device.address}/driver`, device.driver ?? 'no driver')
  const bars = names.map((name) => blacklistEvidence(facts, cmdline, name))
  const seen = [now, seenModules(facts, device), ...bars]
  if (device.driverOverride !== null) return afterOverride(names, free, seen)
  if (isReserved(device.driver))
    return undetermined(`What gave it to ${device.driver ?? ''} is in no rule that was read.`, [now])
  return asToday(device, names, free, seen)
}

/** Returns the driver after a boot, which ends an override: the kernel loads what its tables name. */
function afterOverride(names: readonly string[], free: readonly string[], seen: (Evidence | null)[]): NextDriver {
  const [only, ...more] = free
  if (names.length === 0)
    return undetermined('The override ends with this boot; which module follows cannot be read.', seen)
  if (only === undefined)
    return known(null, 'The override ends with this boot, and no module may be loaded for it.', seen)
  if (more.length > 0) return undetermined(`The override ends with this boot; one of ${free.join(', ')} follows.`, seen)
  return known(driverOf(only), `The override ends with this boot; the kernel then loads ${only} for it.`, seen)
}

/**
 * Returns today's driver where no rule is about the function. Blacklisted modules that are in use were loaded by
 * something that was not read.
 */
function asToday(
  device: Device,
  names: readonly string[],
  free: readonly string[],
  seen: (Evidence | null)[],
): NextDriver {
  if (device.driver !== null && names.length > 0 && free.length === 0)
    return undetermined(`${device.driver} holds it although its module is not to be loaded.`, seen)
  const why = device.driver === null ? 'As today: no driver takes it.' : 'As today: no rule says otherwise.'
  return known(device.driver, why, seen)
}
