import fc from 'fast-check'
import { hostSlots, OWN_DEVICES, rootAddress } from '#core/definition/hardware/root-bus.ts'
import { vmDefinition } from '#shared/vm/vm.ts'

/** Names that a shell or QEMU's option parser would take apart. */
const hostileName = fc
  .array(fc.constantFrom('a', 'b.iso', ' ', ',', "'", '"', '$(id)', '`', '\\', ';', '&', '*', 'é', '-x', '='), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''))
const file = hostileName.map((name) => `/srv/${name}`)
const address = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 31 }))
  .map(([bus, slot]) => `0000:${bus.toString(16).padStart(2, '0')}:${slot.toString(16).padStart(2, '0')}`)
const functionsOf = fc
  .tuple(address, fc.integer({ min: 1, max: 4 }))
  .map(([slot, count]) => Array.from({ length: count }, (_, index) => `${slot}.${index}`))
const bus = fc.constantFrom('virtio-blk', 'virtio-scsi', 'sata', 'nvme')
const ownDisk = fc.oneof(
  fc.record({
    kind: fc.constant('new'),
    format: fc.constantFrom('qcow2', 'raw'),
    sizeGiB: fc.integer({ min: 1, max: 999 }),
    place: fc.constantFrom(
      undefined,
      { directory: '/srv/vms', mount: '/' },
      { directory: '/data/a+b', mount: '/data' },
    ),
  }),
  fc.record({ kind: fc.constant('image'), format: fc.constantFrom('qcow2', 'raw'), path: file }),
)
const disk = fc.oneof(
  ownDisk,
  fc.record({ kind: fc.constant('device'), path: hostileName.map((name) => `/dev/disk/by-id/${name}`) }),
)
const usbDevice = fc.record({
  port: fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 4 }))
    .map(([bus, ports]) => `${bus}-${ports.join('.')}`),
  vendorId: fc.stringMatching(/^[0-9a-f]{4}$/u),
  productId: fc.stringMatching(/^[0-9a-f]{4}$/u),
})
const inputDevice = fc.record({
  path: hostileName.map((name) => `/dev/input/by-id/${name}`),
  kind: fc.constantFrom('keyboard', 'mouse'),
})
const firmware = fc.record({
  code: file,
  codeFormat: fc.constantFrom('raw', 'qcow2'),
  varsTemplate: file,
  varsFormat: fc.constantFrom('raw', 'qcow2'),
  secureBoot: fc.boolean(),
  smm: fc.boolean(),
  vars: fc.constantFrom(undefined, 'vars-528k.fd'),
})
const atStart = fc.record({
  functions: fc.array(
    fc.record({
      address: address.map((slot) => `${slot}.0`),
      vendorId: fc.stringMatching(/^[0-9a-f]{4}$/u),
      deviceId: fc.stringMatching(/^[0-9a-f]{4}$/u),
      way: fc.constantFrom('0000:00:01.0/00.0', '0000:00:02.0', '0000:00:03.0/00.0/04.0/00.1'),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  stop: fc.subarray(['display-manager.service', 'user@1000.service', 'nvidia-persistenced.service']),
  minutes: fc.option(fc.integer({ min: 2, max: 60 })),
})
const hostile = 'a "b" $(id) `c` & <d> ‘e’'
const OWN_ADDRESSES = {
  ...Object.fromEntries(Object.entries(OWN_DEVICES).map(([name, slot]) => [name, rootAddress(slot)])),
  folder1: rootAddress(0x1b),
}
const FORWARD = { protocol: 'tcp' as const, hostPort: 13_389, guestPort: 3389, everyone: false }

const nicModel = fc.constantFrom('virtio', 'e1000e')
const moreNetwork = fc.oneof(
  fc.record({ kind: fc.constant('user'), mac: fc.constant('52:54:00:a1:b2:c5') }),
  fc.record({
    kind: fc.constant('tap'),
    tap: fc.constant('tap2-designer'),
    vhost: fc.boolean(),
    mac: fc.constant('52:54:00:a1:b2:c6'),
    bridge: fc.constant('br-lab'),
  }),
)

/** Any VM this program can describe, with names as bad as the schema lets through. */
export const definition = fc
  .record({
    version: fc.constant(2),
    name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/u),
    profile: fc.constantFrom('proof-guest', 'windows-11', 'windows-10', 'linux'),
    machine: fc.constantFrom('q35', 'pc-q35-7.2'),
    memoryMiB: fc.integer({ min: 256, max: 65_536 }),
    cpu: fc.record({
      cores: fc.integer({ min: 1, max: 64 }),
      threads: fc.integer({ min: 1, max: 2 }),
      properties: fc.constantFrom([], ['migratable=off', 'hv-time=on']),
    }),
    firmware: fc.option(firmware),
    tpm: fc.boolean(),
    disk: fc.option(disk),
    installIso: fc.option(file),
    driverIso: fc.option(file),
    diskBus: bus,
    moreDisks: fc.uniqueArray(fc.record({ number: fc.integer({ min: 2, max: 4 }), bus, disk }), {
      selector: ({ number }) => number,
      maxLength: 3,
    }),
    diskIo: fc.subarray(['io_uring', 'native']),
    functions: functionsOf,
    atStart: fc.option(atStart, { nil: undefined }),
    network: fc.oneof(
      fc.record({
        kind: fc.constant('user' as const),
        mac: fc.option(fc.constant('52:54:00:a1:b2:c4'), { nil: undefined }),
        forwards: fc.option(fc.constantFrom([FORWARD], [FORWARD, { ...FORWARD, hostPort: 47_998, everyone: true }]), {
          nil: undefined,
        }),
      }),
      fc.record({
        kind: fc.constant('tap' as const),
        tap: fc.constant('tap-designer'),
        vhost: fc.boolean(),
        mac: fc.constant('52:54:00:a1:b2:c3'),
        queues: fc.constantFrom(undefined, 2, 4),
      }),
    ),
    nicModel,
    moreNics: fc.uniqueArray(
      fc.record({ number: fc.integer({ min: 2, max: 4 }), model: nicModel, network: moreNetwork }),
      {
        selector: ({ number }) => number,
        maxLength: 3,
      },
    ),
    extraDevices: fc.uniqueArray(
      address.map((slot) => `${slot}.0`),
      { maxLength: 8 },
    ),
    legacyVga: fc.boolean(),
    usbDevices: fc.array(usbDevice, { maxLength: 3 }),
    inputDevices: fc.array(inputDevice, { maxLength: 3 }),
    kvmfr: fc.boolean(),
    hugePages: fc.boolean(),
    hugePageMiB: fc.constantFrom(2, 1024),
    pinning: fc.option(
      fc.constantFrom({ vcpus: [2, 3], emulator: [0, 1] }, { vcpus: [2], emulator: [0], others: [0, 1] }),
    ),
    setApart: fc.boolean(),
    memoryNode: fc.constantFrom(null, 0, 1),
    audio: fc.option(fc.constantFrom('pipewire', 'pa', 'alsa')),
    sharedFolders: fc.uniqueArray(
      fc.record({
        number: fc.integer({ min: 1, max: 4 }),
        directory: file,
        tag: fc.constantFrom('plans', 'a.b', 'x_y-1'),
        readOnly: fc.boolean(),
      }),
      { selector: ({ tag }) => tag, maxLength: 3 },
    ),
    screen: fc.boolean(),
    spice: fc.boolean(),
    lookingGlassMiB: fc.option(fc.constantFrom(32, 64, 128)),
    uuid: fc.option(fc.uuid()),
    addresses: fc.constantFrom({}, OWN_ADDRESSES),
    physBits: fc.option(fc.integer({ min: 36, max: 52 })),
    mmioWindowMiB: fc.option(fc.constantFrom(1024, 65_536)),
    hideHypervisor: fc.boolean(),
    roms: fc.array(fc.record({ address: address.map((slot) => `${slot}.0`), file: fc.option(file) }), { maxLength: 2 }),
    extraArguments: fc.array(
      file.map((path) => `-device ${path}`),
      { maxLength: 2 },
    ),
    answers: fc.constantFrom(undefined, {}, { image: hostile, account: "O'Neil & co", software: 'tools' }),
    user: fc.constant({ name: 'designer', uid: 1000, gid: 1000 }),
  })
  .map((value) => vmDefinition.parse(value))
  // No slot of a host goes to a VM twice.
  .filter(({ functions, extraDevices }) => !hostSlots(extraDevices).some((slot) => hostSlots(functions).includes(slot)))
