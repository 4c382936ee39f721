import { DATA_DIRECTORY, RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { pathPattern } from '#shared/base/path-pattern.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { LinkResult, ListResult, ReadResult, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { unknownBecause, type UnknownFact } from '#shared/base/unknown.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import type { Host } from '../host.ts'
import { commandKey, emptyRecording, type Recording } from '../recorded/recording.ts'
import { parsePaste, type Paste } from './paste.ts'

const DEVICES = '/sys/bus/pci/devices'
const GROUPS = '/sys/kernel/iommu_groups'
const LSPCI = ['-D', '-nnk'] as const

/** Marks of a container. A text is no place to look for them, and a listing taken in one shows devices all the same. */
const CONTAINER_MARKS = ['/run/.containerenv', '/.dockerenv', '/run/systemd/container']

type Pasted = Paste['devices'][number]

/** A host that is known from a pasted text only: every other read is denied, so its fact is unknown. */
export class TextHost implements Host {
  readonly kind = 'recorded'
  private readonly recording: Recording

  private constructor(recording: Recording) {
    this.recording = recording
  }

  /** Throws `bad-recording` when the text holds nothing that can be read. `name` is only for messages. */
  static from(text: string, name: string): TextHost {
    const paste = parsePaste(text)
    const { cmdline, cpuinfo, interrupts, acpiTable } = paste.extras
    if (paste.devices.length === 0 && [cmdline, cpuinfo, interrupts, acpiTable].every((part) => part === null))
      throw new ProblemError('bad-recording', `${name} holds no lspci output and no IOMMU group listing.`, {
        hint: 'Paste the output of `lspci -nnk`, of the usual IOMMU group loop, or both.',
      })
    return new TextHost(recordingOf(paste, name))
  }

  async read(path: string): Promise<ReadResult> {
    const text = this.recording.files[path]
    if (text === null) return { kind: 'absent' }
    return typeof text === 'string' ? { kind: 'text', text } : untold(path)
  }

  async list(path: string): Promise<ListResult> {
    const names = this.recording.dirs[path]
    return Array.isArray(names) ? { kind: 'names', names } : untold(path)
  }

  async link(path: string): Promise<LinkResult> {
    const target = this.recording.links[path]
    if (target === null) return { kind: 'absent' }
    return typeof target === 'string' ? { kind: 'target', target } : untold(path)
  }

  async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult | null> {
    const result = this.recording.commands[commandKey(tool, args)] ?? null
    return result === null ? null : asExpected(tool, result, how)
  }

  async has(tool: Tool): Promise<boolean> {
    return tool === 'lspci' && this.recording.commands[commandKey('lspci', LSPCI)] !== undefined
  }

  async owner(): Promise<number | null> {
    return null
  }

  async stamp(): Promise<null> {
    return null
  }

  async flash(path: string): Promise<UnknownFact> {
    return unknownBecause(`the text does not tell ${path}`)
  }

  async image(path: string): Promise<UnknownFact> {
    return unknownBecause(`the text does not tell ${path}`)
  }

  async place(directory: string): Promise<UnknownFact> {
    return unknownBecause(`the text does not tell ${directory}`)
  }

  uid(): number {
    return this.recording.uid
  }

  now(): Date {
    return new Date()
  }

  /** Paths the text answers, with addresses and group numbers as `*`. */
  coverage(): string[] {
    const { files, dirs, links } = this.recording
    const known = Object.entries({ ...files, ...dirs, ...links }).flatMap(([path, value]) =>
      value === null ? [] : path,
    )
    return [...new Set(known.map(pathPattern))].sort()
  }
}

/** This program has written nothing on a machine it knows from a text only. */
function untold(path: string): { kind: 'absent' } | { kind: 'denied'; why: string } {
  if (path.startsWith(DATA_DIRECTORY) || path.startsWith(RUN_DIRECTORY)) return { kind: 'absent' }
  return { kind: 'denied', why: `the text does not tell ${path}` }
}

function recordingOf(paste: Paste, name: string): Recording {
  const recording = emptyRecording(name, 'Read from a pasted text.')
  for (const mark of CONTAINER_MARKS) recording.files[mark] = null
  addExtras(recording, paste)
  if (paste.devices.length === 0) return recording
  recording.dirs[DEVICES] = paste.devices.map((device) => device.address)
  for (const device of paste.devices) addDevice(recording, device, paste)
  addGroups(recording, paste.devices)
  if (paste.devices.some((device) => device.driver === VFIO_PCI)) recording.dirs['/sys/bus/pci/drivers/vfio-pci'] = []
  const listing = paste.devices.map(lspciText).join('')
  recording.commands[commandKey('lspci', LSPCI)] = { exitCode: 0, stdout: listing, stderr: '' }
  return recording
}

function addExtras(recording: Recording, paste: Paste): void {
  const { cmdline, cpuinfo, interrupts, acpiTable } = paste.extras
  if (cmdline !== null) recording.files['/proc/cmdline'] = `${cmdline}\n`
  if (cpuinfo !== null) recording.files['/proc/cpuinfo'] = `${cpuinfo}\n`
  if (interrupts !== null) recording.files['/proc/interrupts'] = interrupts
  if (acpiTable !== null) recording.dirs['/sys/firmware/acpi/tables'] = [acpiTable]
}

function addDevice(recording: Recording, device: Pasted, paste: Paste): void {
  const at = `${DEVICES}/${device.address}`
  const [subVendor = '', subDevice = ''] = device.subsystem.split(':')
  const attributes: Record<string, string> = {
    vendor: device.vendorId,
    device: device.deviceId,
    class: device.classCode === '' ? '' : `${device.classCode}00`,
    revision: device.revision,
    subsystem_vendor: subVendor,
    subsystem_device: subDevice,
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== '') recording.files[`${at}/${name}`] = `0x${value}\n`
  }
  const { bootVga } = paste.extras
  if (bootVga !== null && device.classCode === '0300')
    recording.files[`${at}/boot_vga`] = device.address === bootVga ? '1\n' : '0\n'
  addLinks(recording, device, paste.devices)
}

function addLinks(recording: Recording, device: Pasted, all: readonly Pasted[]): void {
  const at = `${DEVICES}/${device.address}`
  if (device.driver !== null) recording.links[`${at}/driver`] = `../../../bus/pci/drivers/${device.driver}`
  else if (device.tellsDriver) recording.links[`${at}/driver`] = null
  if (device.group !== null) recording.links[`${at}/iommu_group`] = `../../../kernel/iommu_groups/${device.group}`
  const [domain, bus] = device.address.split(':')
  const above = all.find((other) => other.secondaryBus === bus && other.address.startsWith(`${domain ?? ''}:`))
  if (above !== undefined && above !== device)
    recording.links[at] = `../../../devices/pci${domain ?? ''}:00/${above.address}/${device.address}`
}

function addGroups(recording: Recording, devices: readonly Pasted[]): void {
  const ids = [...new Set(devices.flatMap((device) => device.group ?? []))]
  if (ids.length === 0) return
  recording.dirs[GROUPS] = ids.map(String)
  for (const id of ids) {
    const members = devices.filter((device) => device.group === id)
    recording.dirs[`${GROUPS}/${id}/devices`] = members.map((device) => device.address)
  }
}

/** Returns the same text as `lspci -D -nnk`, in one form whatever was pasted. */
function lspciText(device: Pasted): string {
  const ids = device.deviceId === '' ? '' : ` [${device.vendorId}:${device.deviceId}]`
  const revision = device.revision === '' ? '' : ` (rev ${device.revision})`
  const driver = device.driver === null ? '' : `\tKernel driver in use: ${device.driver}\n`
  const code = device.classCode === '' ? 'unknown' : device.classCode
  return `${device.address} Class [${code}]: ${device.name || 'Device'}${ids}${revision}\n${driver}`
}
