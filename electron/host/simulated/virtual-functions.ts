import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Recording } from '../recorded/recording.ts'

const DEVICES = '/sys/bus/pci/devices'
const COUNT = /^\/sys\/bus\/pci\/devices\/([^/]+)\/sriov_(numvfs|drivers_autoprobe)$/u

/**
 * SR-IOV of a described host: of all virtual functions it could have, each physical one has as many as were asked for,
 * the first ones first. Rules from Documentation/ABI/testing/sysfs-bus-pci.
 */
export class SimulatedVirtualFunctions {
  private readonly recording: Recording
  /** All virtual functions, by their physical one, in the order of the description. */
  private readonly all = new Map<string, string[]>()
  private readonly made = new Map<string, number>()
  private readonly unprobed = new Set<string>()

  constructor(recording: Recording) {
    this.recording = recording
    for (const [path, target] of Object.entries(recording.links)) {
      const address = /^\/sys\/bus\/pci\/devices\/([^/]+)\/physfn$/u.exec(path)?.[1]
      const physical = typeof target === 'string' ? target.split('/').at(-1) : undefined
      if (address === undefined || physical === undefined) continue
      this.all.set(physical, [...(this.all.get(physical) ?? []), address])
    }
    this.reset()
  }

  /** As the host's own configuration has it at each boot. */
  private reset(): void {
    this.made.clear()
    this.unprobed.clear()
    for (const physical of this.all.keys()) this.made.set(physical, Number(this.recorded(physical, 'sriov_numvfs')))
  }

  private recorded(address: string, name: string): string {
    const value = this.recording.files[`${DEVICES}/${address}/${name}`]
    return typeof value === 'string' ? value.trim() : '0'
  }

  isThere(address: string): boolean {
    for (const [physical, functions] of this.all) {
      const index = functions.indexOf(address)
      if (index >= 0) return index < (this.made.get(physical) ?? 0)
    }
    return true
  }

  /** Whether the host's own driver takes a function by itself. */
  isProbed(address: string): boolean {
    return ![...this.unprobed].some((physical) => this.all.get(physical)?.includes(address))
  }

  read(path: string): string | null | undefined {
    const [, of = '', what] = COUNT.exec(path) ?? []
    if (this.made.has(of)) return what === 'numvfs' ? `${this.made.get(of)}\n` : this.unprobed.has(of) ? '0\n' : '1\n'
    const address = path.startsWith(`${DEVICES}/`) ? path.split('/')[5] : undefined
    return address === undefined || this.isThere(address) ? undefined : null
  }

  /** Returns what has to be probed after a write; null: the path is none of SR-IOV's, or the kernel says no. */
  write(path: string, word: string): { gone: string[]; come: string[] } | null {
    const [, physical = '', what] = COUNT.exec(path) ?? []
    if (!this.made.has(physical)) return null
    if (what === 'numvfs') return this.make(physical, word)
    if (word === '0') this.unprobed.add(physical)
    else this.unprobed.delete(physical)
    return { gone: [], come: [] }
  }

  private make(physical: string, word: string): { gone: string[]; come: string[] } | null {
    const now = this.made.get(physical) ?? 0
    const wanted = Number(word)
    // EBUSY, ERANGE: from one number to another there is no way but through none.
    if ((wanted > 0 && now > 0) || wanted > Number(this.recorded(physical, 'sriov_totalvfs'))) return null
    this.made.set(physical, wanted)
    const functions = this.all.get(physical) ?? []
    return { gone: functions.slice(0, wanted === 0 ? now : 0), come: functions.slice(0, wanted) }
  }

  /** What our unit does at each boot; returns the functions it holds for VMs. `isReachedBy`: whether a way leads to one. */
  boot(read: (path: string) => string | null, isReachedBy: (address: string, way: string) => boolean): string[] {
    this.reset()
    const unit = read(OWN_FILES.virtualUnit) === null ? '' : (read(OWN_FILES.virtualScript) ?? '')
    const isMeant = (address: string, way: string | undefined) => way === undefined || isReachedBy(address, way)
    for (const [, physical = '', count = '0', way] of unit.matchAll(/^make (\S+) \S+ \S+ (\d+)(?: (\S+))?$/gmu)) {
      if (this.made.get(physical) !== 0 || !isMeant(physical, way)) continue
      this.write(`${DEVICES}/${physical}/sriov_drivers_autoprobe`, '0')
      this.write(`${DEVICES}/${physical}/sriov_numvfs`, count)
    }
    const holds = [...unit.matchAll(/^hold (\S+) \S+ \S+ \S+(?: (\S+))?$/gmu)]
    return holds.flatMap(([, address = '', way]) => (this.isThere(address) && isMeant(address, way) ? [address] : []))
  }
}
