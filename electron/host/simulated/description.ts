import { commandKey, emptyRecording, type Recording } from '../recorded/recording.ts'

/** One PCI function in the words of a description. `ids` and `subsystem` are `vvvv:dddd`, `class` has 6 digits. */
export interface DescribedDevice {
  address: string
  ids: string
  class: string
  kind: string
  name: string
  parent?: string
  subsystem?: string
  revision?: string
  driver?: string
  modules?: string
  group?: number
  bootVga?: boolean
  resource?: readonly string[]
  /** Bitmap of the sizes BAR 1 could have, as resource1_resize prints it. */
  resize?: string
  reset?: string
  link?: readonly [string, string]
  drm?: { card: string; connectors: Readonly<Record<string, boolean>> }
  sound?: string
  /** SR-IOV: how many virtual functions it can have and has. */
  sriov?: { total: number; now: number }
  /** SR-IOV: the physical function it belongs to. */
  physfn?: string
}

/** A machine in a few lines; `recordingOf` makes the recording that the same machine would have given. */
export interface Description {
  name: string
  about: string
  uid: number
  devices: readonly DescribedDevice[]
  /** Files as they are, by path. */
  files: Readonly<Record<string, string>>
  /** Directories whose names matter beside the files above. */
  dirs: Readonly<Record<string, readonly string[]>>
  block: readonly { name: string; address: string }[]
  net: readonly { name: string; address: string; up: boolean }[]
  links: Readonly<Record<string, string>>
  reserved: Readonly<Record<number, string>>
  commands: Readonly<Record<string, string>>
  tools: readonly string[]
  /** User ids of device nodes whose owner matters. */
  owners?: Readonly<Record<string, number>>
  /** Disk images that are there already. */
  images?: Recording['images']
}

const DEVICES = '/sys/bus/pci/devices'

/** Builds the complete recording of a described host. */
export function recordingOf(machine: Description): Recording {
  const recording: Recording = { ...emptyRecording(machine.name, machine.about), complete: true, uid: machine.uid }
  Object.assign(recording.files, machine.files)
  recording.dirs[DEVICES] = machine.devices.map((device) => device.address)
  for (const device of machine.devices) addDevice(recording, device)
  addGroups(recording, machine)
  for (const { name, address } of machine.block)
    recording.links[`/sys/class/block/${name}`] = `../../devices/pci0000:00/${address}/block/${name}`
  addNetwork(recording, machine)
  Object.assign(recording.links, machine.links)
  const blocks = Object.keys(recording.links).flatMap((path) => /^\/sys\/class\/block\/([^/]+)$/u.exec(path)?.[1] ?? [])
  recording.dirs['/sys/class/block'] = blocks.sort()
  for (const [line, stdout] of Object.entries(machine.commands))
    recording.commands[line] = { exitCode: 0, stdout, stderr: '' }
  recording.commands[commandKey('lspci', ['-D', '-nnk'])] = {
    exitCode: 0,
    stdout: machine.devices.map(lspciText).join(''),
    stderr: '',
  }
  for (const tool of machine.tools) recording.tools[tool] = true
  Object.assign(recording.owners, machine.owners)
  Object.assign(recording.images, machine.images)
  for (const [path, names] of Object.entries(machine.dirs)) recording.dirs[path] = [...names]
  // Opening works there, reading does not.
  if (machine.dirs['/dev']?.includes('kvm') === true) recording.files['/dev/kvm'] = { denied: '/dev/kvm: EINVAL' }
  addParents(recording)
  return recording
}

function addDevice(recording: Recording, device: DescribedDevice): void {
  const at = `${DEVICES}/${device.address}`
  for (const [name, value] of Object.entries({ ...identity(device), ...condition(device) })) {
    if (value !== undefined) recording.files[`${at}/${name}`] = `${value}\n`
  }
  const above = device.parent === undefined ? '' : `${device.parent}/`
  recording.links[at] = `../../../devices/pci0000:00/${above}${device.address}`
  if (device.driver !== undefined) recording.links[`${at}/driver`] = `../../../bus/pci/drivers/${device.driver}`
  if (device.group !== undefined) recording.links[`${at}/iommu_group`] = `../../../kernel/iommu_groups/${device.group}`
  if (device.physfn !== undefined) recording.links[`${at}/physfn`] = `../${device.physfn}`
  if (device.sound !== undefined) recording.dirs[`${at}/sound`] = [device.sound]
  if (device.drm !== undefined) addDisplay(recording, at, device.drm)
}

type Attributes = Record<string, string | undefined>

function identity(device: DescribedDevice): Attributes {
  const [vendor = '', id = ''] = device.ids.split(':')
  const [subVendor = '0000', subDevice = '0000'] = (device.subsystem ?? device.ids).split(':')
  return {
    vendor: `0x${vendor}`,
    device: `0x${id}`,
    class: `0x${device.class}`,
    subsystem_vendor: `0x${subVendor}`,
    subsystem_device: `0x${subDevice}`,
    revision: `0x${device.revision ?? '00'}`,
    modalias: `pci:v0000${vendor.toUpperCase()}d0000${id.toUpperCase()}`,
  }
}

function condition(device: DescribedDevice): Attributes {
  const [speed, width] = device.link ?? []
  return {
    boot_vga: device.class.startsWith('0300') ? String(Number(device.bootVga === true)) : undefined,
    resource: device.resource?.join('\n'),
    resource1_resize: device.resize,
    reset_method: device.reset,
    power_state: 'D0',
    numa_node: '0',
    current_link_speed: speed,
    max_link_speed: speed,
    current_link_width: width,
    max_link_width: width,
    sriov_totalvfs: device.sriov?.total.toString(),
    sriov_numvfs: device.sriov?.now.toString(),
  }
}

function addDisplay(recording: Recording, at: string, drm: NonNullable<DescribedDevice['drm']>): void {
  recording.dirs[`${at}/drm`] = [drm.card, `renderD${128 + Number(drm.card.slice(4))}`]
  const names = Object.entries(drm.connectors).map(([name, connected]) => {
    recording.files[`/sys/class/drm/${drm.card}-${name}/status`] = connected ? 'connected\n' : 'disconnected\n'
    return `${drm.card}-${name}`
  })
  const listed = recording.dirs['/sys/class/drm']
  recording.dirs['/sys/class/drm'] = [...(Array.isArray(listed) ? listed : []), drm.card, ...names]
}

function addGroups(recording: Recording, machine: Description): void {
  const ids = [...new Set(machine.devices.flatMap((device) => device.group ?? []))]
  recording.dirs['/sys/kernel/iommu_groups'] = ids.map(String)
  for (const id of ids) {
    const at = `/sys/kernel/iommu_groups/${id}`
    recording.dirs[`${at}/devices`] = machine.devices
      .filter((device) => device.group === id)
      .map((device) => device.address)
    recording.files[`${at}/type`] = 'DMA\n'
    recording.files[`${at}/reserved_regions`] =
      `${machine.reserved[id] ?? '0x00000000fee00000 0x00000000feefffff msi'}\n`
  }
}

function addNetwork(recording: Recording, machine: Description): void {
  recording.dirs['/sys/class/net'] = ['lo', ...machine.net.map((link) => link.name)]
  recording.links['/sys/class/net/lo'] = '../../devices/virtual/net/lo'
  for (const { name, address, up } of machine.net) {
    recording.links[`/sys/class/net/${name}`] = `../../devices/pci0000:00/${address}/net/${name}`
    recording.files[`/sys/class/net/${name}/operstate`] = up ? 'up\n' : 'down\n'
  }
}

function lspciText(device: DescribedDevice): string {
  const revision = device.revision === undefined ? '' : ` (rev ${device.revision})`
  const driver = device.driver === undefined ? '' : `\tKernel driver in use: ${device.driver}\n`
  const modules = device.modules === undefined ? '' : `\tKernel modules: ${device.modules}\n`
  const subsystem =
    device.subsystem === undefined
      ? ''
      : `\tSubsystem: ${device.name.split(' ').slice(0, 2).join(' ')} Device [${device.subsystem}]\n`
  return `${device.address} ${device.kind} [${device.class.slice(0, 4)}]: ${device.name} [${device.ids}]${revision}\n${subsystem}${driver}${modules}`
}

/** Every directory above a file is listed with what is known to be in it. */
function addParents(recording: Recording): void {
  for (const path of [...Object.keys(recording.files), ...Object.keys(recording.dirs)]) addParent(recording, path)
}

/** A directory names what lies in it; below /etc, where trees are walked, that directory's own is told as well. */
function addParent(recording: Recording, path: string): void {
  const cut = path.lastIndexOf('/')
  const [parent, name] = [path.slice(0, cut), path.slice(cut + 1)]
  if (parent === '' || parent.startsWith('/sys/bus/pci')) return
  const known = recording.dirs[parent]
  const names = Array.isArray(known) ? known : []
  if (!names.includes(name)) recording.dirs[parent] = [...names, name].sort()
  if (parent.startsWith('/etc/')) addParent(recording, parent)
}
