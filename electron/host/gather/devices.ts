import { RUN_DIRECTORY, stuckNote } from '#shared/base/own-files.ts'
import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import { bdfAddress, type Device } from '#shared/facts/pci.ts'
import type { Host } from '../host.ts'
import { physfnOf } from '../probe/claims/physfn.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'
import { linkName, readText, readWord } from '../read.ts'
import { gatherNames } from './names.ts'

const DEVICES = '/sys/bus/pci/devices'

/**
 * Gathers every PCI function with what sysfs says of it, named as lspci or else pci.ids says. `lspci`: null without it.
 */
export async function gatherDevices(host: Host, lspci: string | null): Promise<Device[]> {
  const addresses = await listOrEmpty(host, DEVICES)
  const known = addresses.filter((address) => bdfAddress.safeParse(address).success)
  const connectors = await listOrEmpty(host, '/sys/class/drm')
  const notes = (await listOrEmpty(host, RUN_DIRECTORY)).map((name) => `${RUN_DIRECTORY}/${name}`)
  const devices = await Promise.all(
    known.map((address) => gatherDevice(host, address, connectors, notes.includes(stuckNote(address)))),
  )
  const names = await gatherNames(host, lspci, devices)
  return devices.map((device) => ({ ...device, ...names.get(device.address) }))
}

/** Of a function on which the kernel hangs (`stuck`), nothing is read that may hang as well. */
async function gatherDevice(host: Host, address: string, drm: readonly string[], stuck: boolean): Promise<Device> {
  const at = (file: string) => `${DEVICES}/${address}/${file}`
  const word = (file: string) => readWord(host, at(file))
  const [vendor, deviceId, classCode, subVendor, subDevice, revision] = await Promise.all(
    ['vendor', 'device', 'class', 'subsystem_vendor', 'subsystem_device', 'revision'].map(word),
  )
  const [driver, override, group, bootVga, resource, reset, power, numa] = await Promise.all([
    linkName(host, at('driver')),
    stuck ? null : word('driver_override'),
    linkName(host, at('iommu_group')),
    word('boot_vga'),
    word('resource'),
    readText(host, at('reset_method')),
    word('power_state'),
    word('numa_node'),
  ])
  const [place, virtual, link, display, answers] = await Promise.all([
    placeOf(host, address),
    virtualOf(host, address),
    linkOf(word),
    displayOf(host, address, drm),
    stuck ? null : answersOf(host, address),
  ])
  return {
    address,
    vendorId: hex(vendor),
    deviceId: hex(deviceId),
    subsystem: subVendor === null || subVendor === undefined ? null : `${hex(subVendor)}:${hex(subDevice)}`,
    classId: hex(classCode),
    revision: hex(revision),
    name: null,
    board: null,
    driver,
    driverOverride: overrideOf(override),
    stuck,
    iommuGroup: group === null ? null : Number(group),
    bootVga: bootVga === null ? null : bootVga === '1',
    ...place,
    ...virtual,
    bars: await resizable(word, hex(classCode), parseResource(resource ?? '')),
    resetMethods: resetMethods(reset),
    powerState: power,
    numaNode: numa === null ? null : Number(numa),
    link,
    answers,
    ...display,
  }
}

/**
 * Returns whether the device answers: the ids in sysfs are those of enumeration; only `config` asks the device. As
 * text, ff is not a character.
 */
async function answersOf(host: Host, address: string): Promise<boolean | null> {
  const config = await host.read(`${DEVICES}/${address}/config`)
  return config.kind === 'text' && config.text !== '' ? !/^\uFFFD+$/u.test(config.text) : null
}

/** The kernel prints `(null)` for none. */
function overrideOf(text: string | null): string | null {
  return text === '(null)' || text === '' ? null : text
}

function hex(value: string | null | undefined): string {
  return (value ?? '').replace(/^0x/u, '')
}

/**
 * Returns a device's parent and root bus, from its symlink that ends in `.../pciDDDD:BB/.../<parent>/<address>`; behind
 * VMD a second root is on the way.
 */
async function placeOf(host: Host, address: string): Promise<Pick<Device, 'parent' | 'rootBus'>> {
  const link = await host.link(`${DEVICES}/${address}`)
  if (link.kind !== 'target') return { parent: null, rootBus: null }
  const way = link.target.split('/').slice(0, -1)
  const parent = way.at(-1) ?? ''
  const root = way.findLast((part) => /^pci[0-9a-f]{4,8}:[0-9a-f]{2}$/u.test(part))
  return { parent: bdfAddress.safeParse(parent).success ? parent : null, rootBus: root?.slice(3) ?? null }
}

/** Returns what SR-IOV makes of a function (Documentation/ABI/testing/sysfs-bus-pci: physfn, sriov_*). */
async function virtualOf(host: Host, address: string): Promise<Pick<Device, 'physfn' | 'sriov'>> {
  const count = async (file: string) => Number((await readWord(host, `${DEVICES}/${address}/${file}`)) ?? 0)
  const [physfn, total] = await Promise.all([physfnOf(host, address), beforeRecorded(() => count('sriov_totalvfs'), 0)])
  return { physfn, sriov: total > 0 ? { total, now: await count('sriov_numvfs') } : null }
}

async function linkOf(word: (file: string) => Promise<string | null>): Promise<Device['link']> {
  const [speed, width, maxSpeed, maxWidth] = await Promise.all(
    ['current_link_speed', 'current_link_width', 'max_link_speed', 'max_link_width'].map(word),
  )
  if (!speed || !width || !maxSpeed || !maxWidth) return null
  return { speed, width, maxSpeed, maxWidth }
}

async function displayOf(
  host: Host,
  address: string,
  drm: readonly string[],
): Promise<Pick<Device, 'drmCard' | 'framebuffer' | 'connectors'>> {
  const nodes = await listOrEmpty(host, `${DEVICES}/${address}/drm`)
  const drmCard = nodes.find((node) => /^card\d+$/u.test(node)) ?? null
  const mine = drmCard === null ? [] : drm.filter((name) => name.startsWith(`${drmCard}-`))
  const connectors = await Promise.all(
    mine.map(async (name) => ({
      name: name.slice(name.indexOf('-') + 1),
      connected: (await readWord(host, `/sys/class/drm/${name}/status`)) === 'connected',
    })),
  )
  const buffers = await listOrEmpty(host, `${DEVICES}/${address}/graphics`)
  return { drmCard, framebuffer: buffers.find((node) => /^fb\d+$/u.test(node)) ?? null, connectors }
}

function resetMethods(reset: OrUnknown<string | null>): OrUnknown<string[] | null> {
  if (reset === null || isUnknown(reset)) return reset
  return reset.split(/\s+/u).filter((method) => method !== '')
}

/** Lines of `resource` are start, end and flags; the first six are the BARs. Sizes are in bytes. */
function parseResource(text: string): Device['bars'] {
  return text
    .split('\n')
    .slice(0, 6)
    .map((line, index) => ({ index, words: line.trim().split(/\s+/u) }))
    .filter(({ words }) => words.length === 3 && !/^0x0+$/u.test(words[1] ?? ''))
    .map(({ index, words: [start = '0', end = '0'] }) => {
      return { index, start, end, size: Number(BigInt(end) - BigInt(start) + 1n), resizes: [] }
    })
}

/** Reads the resizable BARs of cards only: each answer is a read of the device's configuration. */
async function resizable(word: (file: string) => Promise<string | null>, classId: string, bars: Device['bars']) {
  if (!classId.startsWith('03')) return bars
  return Promise.all(bars.map(async (bar) => ({ ...bar, resizes: sizesOf(await word(`resource${bar.index}_resize`)) })))
}

/**
 * Returns the sizes in a hexadecimal bitmap: bit n stands for 2^n MiB (Documentation/ABI/testing/sysfs-bus-pci,
 * resourceN_resize).
 */
function sizesOf(bitmap: string | null): number[] {
  if (bitmap === null || !/^[0-9a-f]{1,16}$/iu.test(bitmap)) return []
  const bits = BigInt(`0x${bitmap}`)
  const offered = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => ((bits >> BigInt(bit)) & 1n) === 1n)
  return offered.map((bit) => 2 ** (bit + 20))
}
