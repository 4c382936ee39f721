import type { FileStamp } from '#shared/base/file-stamp.ts'
import { hash32 } from '#shared/base/hash32.ts'
import { EARLY_BIND_NOTE, OWN_FILES } from '#shared/base/own-files.ts'
import type { Ownership, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { HUGE_PAGE_LIMIT } from '#shared/facts/compute/huge-pages.ts'
import { wayInPath } from '#shared/facts/identity.ts'
import { isEffective, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { Recording } from '../recorded/recording.ts'
import type { Disk } from './tools/disk.ts'
import { nextCommandLine } from './tools/firmware.ts'
import { initramfsText, listing } from './tools/images.ts'
import { bootTool, type ToolEffect } from './tools/tools.ts'
import { SimulatedVirtualFunctions } from './virtual-functions.ts'

const DEVICES = '/sys/bus/pci/devices'
const DRIVERS = '/sys/bus/pci/drivers'
const DEVICE_FILE = /^\/sys\/bus\/pci\/devices\/([^/]+)\/(driver|driver_override|iommu_group)$/u

interface Binding {
  driver: string | null
  override: string | null
}

/**
 * As much of a kernel as the nine steps touch: which driver holds a function, driver_override, probing, IOMMU
 * groups that exist only when the IOMMU is on, VFIO group nodes, and what a boot makes of the command line.
 * Rules from Documentation/ABI/testing/sysfs-bus-pci and driver-api/vfio.rst.
 */
export class SimulatedKernel {
  private readonly recording: Recording
  private readonly disk: Disk
  private readonly virtual: SimulatedVirtualFunctions
  private bindings = new Map<string, Binding>()
  private nodeOwners = new Map<string, Ownership>()
  private iommuOn = false
  private vfioLoaded = false
  /** How many huge pages may be made; null: as recorded. */
  private hugePages: string | null = null
  private cmdline: string
  private boots = 0

  constructor(recording: Recording, disk: Disk) {
    this.recording = recording
    this.disk = disk
    this.virtual = new SimulatedVirtualFunctions(recording)
    this.cmdline = this.recorded('/proc/cmdline')
    this.iommuOn = this.iommuStarts()
    this.vfioLoaded = this.hostLoadsVfio()
    for (const address of this.addresses())
      this.bindings.set(address, { driver: this.hostDriver(address), override: null })
  }

  private recorded(path: string): string {
    const value = this.recording.files[path]
    return typeof value === 'string' ? value : ''
  }

  private addresses(): string[] {
    const names = this.recording.dirs[DEVICES]
    return Array.isArray(names) ? names.filter((address) => this.virtual.isThere(address)) : []
  }

  private hostDriver(address: string): string | null {
    const link = this.recording.links[`${DEVICES}/${address}/driver`]
    return typeof link === 'string' ? (link.split('/').at(-1) ?? null) : null
  }

  /** Recorded with vfio-pci in place: the host's own configuration loads it, at each boot. */
  private hostLoadsVfio(): boolean {
    return Array.isArray(this.recording.dirs[`${DRIVERS}/vfio-pci`])
  }

  /**
   * Returns what a kernel makes of the firmware's table and its arguments (kernel-parameters.txt: iommu, intel_iommu,
   * amd_iommu).
   */
  private iommuStarts(): boolean {
    const listed = this.recording.dirs['/sys/firmware/acpi/tables']
    const tables = Array.isArray(listed) ? listed : []
    const args = parseKernelArgs(this.cmdline)
    if (isEffective(args, 'iommu=off')) return false
    if (tables.includes('IVRS')) return !isEffective(args, 'amd_iommu=off')
    return tables.includes('DMAR') && isEffective(args, 'intel_iommu=on')
  }

  private groupOf(address: string): string | null {
    const link = this.recording.links[`${DEVICES}/${address}/iommu_group`]
    return typeof link === 'string' ? (link.split('/').at(-1) ?? null) : null
  }

  read(path: string): string | null | undefined {
    if (path === '/proc/cmdline') return `${this.cmdline}\n`
    if (path === '/proc/sys/kernel/random/boot_id') return `simulated-boot-${this.boots}\n`
    if (path === '/proc/interrupts') return this.interrupts(this.recorded(path))
    if (path === HUGE_PAGE_LIMIT) return this.hugePages ?? undefined
    const virtual = this.virtual.read(path)
    if (virtual !== undefined) return virtual
    const [, address, what] = DEVICE_FILE.exec(path) ?? []
    return what === 'driver_override' ? this.override(address) : undefined
  }

  private override(address = ''): string {
    return `${this.bindings.get(address)?.override ?? '(null)'}\n`
  }

  private interrupts(recorded: string): string {
    return this.iommuOn ? recorded : recorded.replaceAll('IR-', '   ')
  }

  list(path: string): string[] | null | undefined {
    if (!this.iommuOn && /^\/sys\/(kernel\/iommu_groups|class\/iommu)$/u.test(path)) return []
    if (path === `${DRIVERS}/vfio-pci` || path === '/sys/module/vfio_pci') return this.vfioLoaded ? [] : null
    if (path === '/dev/vfio') return this.vfioLoaded ? [...this.vfioGroups(), 'vfio'] : null
    return this.present(path)
  }

  /** Functions on the bus or in a group; undefined: that is not what the directory lists. */
  private present(path: string): string[] | undefined {
    const lists = path === DEVICES || /^\/sys\/kernel\/iommu_groups\/\d+\/devices$/u.test(path)
    const names = lists ? this.recording.dirs[path] : undefined
    return Array.isArray(names) ? names.filter((address) => this.virtual.isThere(address)) : undefined
  }

  link(path: string): string | null | undefined {
    if (this.virtual.read(path) === null) return null
    const [, address = '', what] = DEVICE_FILE.exec(path) ?? []
    if (what === 'iommu_group' && !this.iommuOn) return null
    if (what !== 'driver') return undefined
    const driver = this.bindings.get(address)?.driver ?? null
    return driver === null ? null : `../../../bus/pci/drivers/${driver}`
  }

  /** Groups whose functions are all with vfio-pci, free, or bridges: those have a node. */
  private vfioGroups(): string[] {
    const bound = this.addresses().filter((address) => this.bindings.get(address)?.driver === 'vfio-pci')
    return [...new Set(bound.map((address) => this.groupOf(address)).filter((group) => group !== null))]
  }

  deviceNodeOwner(path: string): Ownership | null {
    const group = /^\/dev\/vfio\/(\d+)$/u.exec(path)?.[1]
    if (group === undefined) return this.otherNodeOwner(path)
    if (!this.vfioGroups().includes(group)) return null
    return this.nodeOwners.get(path) ?? { mode: 0o600, uid: 0, gid: 0 }
  }

  /** Nodes of other devices are there when the recording knows their owner; /dev is new after each boot. */
  private otherNodeOwner(path: string): Ownership | null {
    const recorded = this.recording.owners[path]
    if (!path.startsWith('/dev/') || recorded === undefined || recorded === null) return null
    return this.nodeOwners.get(path) ?? { mode: 0o660, uid: recorded, gid: 0 }
  }

  setDeviceNodeOwner(path: string, owner: Ownership): void {
    this.nodeOwners.set(path, owner)
  }

  /** A write to an attribute; false when there is none of that name. */
  write(path: string, value: string): boolean {
    const word = value.trim()
    if (path === HUGE_PAGE_LIMIT) return this.limitHugePages(word)
    if (path === '/sys/bus/pci/drivers_probe') return this.probe(word)
    const virtual = this.virtual.write(path, word)
    return virtual === null ? this.writeDriver(path, word) : this.settle(virtual.gone, virtual.come)
  }

  private writeDriver(path: string, word: string): boolean {
    const unbind = /^\/sys\/bus\/pci\/devices\/([^/]+)\/driver\/unbind$/u.exec(path)?.[1]
    const target = this.bindings.get(unbind ?? DEVICE_FILE.exec(path)?.[1] ?? '')
    if (target === undefined) return false
    if (unbind !== undefined) target.driver = null
    else target.override = word === '' ? null : word
    return true
  }

  /** A new function has no override, and the host's driver unless its physical one keeps the kernel from probing. */
  private settle(gone: readonly string[], come: readonly string[]): boolean {
    for (const address of gone) this.bindings.delete(address)
    for (const address of come) {
      this.bindings.set(address, { driver: null, override: null })
      if (this.virtual.isProbed(address)) this.probe(address)
    }
    return true
  }

  private limitHugePages(word: string): boolean {
    if (this.recorded(HUGE_PAGE_LIMIT) === '') return false
    this.hugePages = `${word}\n`
    return true
  }

  private probe(address: string): boolean {
    const binding = this.bindings.get(address)
    if (binding === undefined) return false
    if (binding.driver !== null) return true
    if (binding.override === null) binding.driver = this.hostDriver(address)
    else if (binding.override === 'vfio-pci' && this.vfioLoaded && this.iommuOn) binding.driver = 'vfio-pci'
    return true
  }

  /** Returns what a changing tool would do; null for a tool that only reads. */
  run(tool: Tool, args: readonly string[], { environment }: ToolRun = {}): ToolEffect | null {
    if (tool === 'modprobe') {
      const loading = args.includes('vfio-pci') ? !args.includes('-r') : this.vfioLoaded
      return { lines: [], effect: () => (this.vfioLoaded = loading) }
    }
    if (tool === 'xorriso')
      return { lines: [], effect: () => this.disk.write(args[args.indexOf('-o') + 1] ?? '', 'a disc\n') }
    if (tool === 'qemu-img') return { lines: [], effect: () => this.disk.write(args.at(-2) ?? '', 'an empty image\n') }
    const told = this.disk.read(`${environment?.['KERNEL_INSTALL_CONF_ROOT']}/cmdline`)
    return bootTool(this.disk, tool, args, told ?? this.cmdline)
  }

  /** Starts again with the arguments of the default entry, then does what the initramfs and modules-load.d do. */
  boot(): void {
    this.boots += 1
    this.cmdline = nextCommandLine(this.disk) ?? this.cmdline
    this.iommuOn = this.iommuStarts()
    this.nodeOwners.clear()
    this.hugePages = null
    const claimed = this.earlyClaims()
    const wanted = (this.disk.read(OWN_FILES.modulesLoad) ?? '').includes('vfio-pci')
    const held = this.virtual.boot(
      (path) => this.disk.read(path),
      (address, way) => this.wayTo(address) === way,
    )
    const ours = [...claimed, ...held]
    this.vfioLoaded = ours.length > 0 || wanted || this.hostLoadsVfio()
    this.bindings.clear()
    for (const address of this.addresses()) {
      this.bindings.set(address, { driver: null, override: ours.includes(address) ? 'vfio-pci' : null })
      if (this.virtual.isProbed(address) || held.includes(address)) this.probe(address)
    }
    if (claimed.length > 0) this.disk.write(EARLY_BIND_NOTE, claimed.map((address) => `${address} vfio-pci\n`).join(''))
  }

  private earlyClaims(): string[] {
    const image = initramfsText(this.disk)
    const claims = [...image.matchAll(/^claim (\S+) (0x\S+) (0x\S+)(?: (\S+))?$/gmu)]
    return claims.flatMap(([, address = '', vendor = '', id = '', way]) => {
      const at = `${DEVICES}/${address}`
      const ids = [this.recorded(`${at}/vendor`), this.recorded(`${at}/device`)].map((value) => value.trim())
      const same = ids.join(' ') === `${vendor} ${id}` && (way === undefined || way === this.wayTo(address))
      return same ? [address] : []
    })
  }

  /** As the script reads it from the real path of a device. */
  private wayTo(address: string): string {
    const link = this.recording.links[`${DEVICES}/${address}`]
    return wayInPath(typeof link === 'string' ? link : null, address)
  }

  /** What lies in an initramfs image; null: another tool is asked. */
  says(tool: Tool, [path = '']: readonly string[]): ToolResult | null {
    const stdout = listing(this.disk, tool, path)
    return stdout === null ? null : { exitCode: 0, stdout, stderr: '' }
  }

  /** Length of a file, and a moment that differs with what it holds; null: it is not there. */
  stamp(path: string): FileStamp | null {
    const text = this.disk.read(path)
    return text === null ? null : { bytes: text.length, modified: new Date(hash32(text) * 100).toISOString() }
  }

  /** `lspci -D -nnk` with the drivers of now. */
  lspci(result: ToolResult | null): ToolResult | null {
    if (result === null) return null
    let address = ''
    const lines = result.stdout.split('\n').flatMap((line) => {
      address = /^([0-9a-f:]+\.[0-7]) /u.exec(line)?.[1] ?? address
      if (!this.virtual.isThere(address)) return []
      if (!line.includes('Kernel driver in use:')) return [line]
      const driver = this.bindings.get(address)?.driver ?? null
      return driver === null ? [] : [`\tKernel driver in use: ${driver}`]
    })
    return { ...result, stdout: lines.join('\n') }
  }
}
