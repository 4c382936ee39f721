import fc from 'fast-check'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import { PICTURE_SIZES } from '#shared/vm/options/screen.ts'
import { type Choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'

const disk = fc.constantFrom(
  null,
  { kind: 'new' as const, format: 'raw' as const, sizeGiB: 9 },
  { kind: 'new' as const, format: 'qcow2' as const, sizeGiB: 9, place: '/srv/vms' },
  { kind: 'image' as const, format: 'qcow2' as const, path: '/srv/a,b.qcow2' },
  { kind: 'device' as const, path: '/dev/disk/by-id/ata-spare' },
)
const bus = fc.constantFrom('virtio-blk' as const, 'virtio-scsi' as const, 'sata' as const, 'nvme' as const)
/** The sizes that step 8 offers. */
const picture = fc.option(fc.constantFrom(...PICTURE_SIZES))
const decidedOr = <T>(...values: T[]) => fc.constantFrom(null, ...values)

/** Anything an admin may choose in step 8. */
export const anyChoices: fc.Arbitrary<Choices> = fc
  .record<Choices['definition']>({
    name: fc.constantFrom('designer', 'other'),
    memoryMiB: decidedOr(2048, 4097),
    vcpus: decidedOr(1, 3, 8),
    pin: decidedOr(true, false),
    profile: fc.constantFrom('proof-guest', 'windows-11', 'windows-10', 'linux'),
    disk,
    diskBus: bus,
    moreDisks: fc.constantFrom(
      [],
      [{ number: 2, bus: 'sata' as const, disk: { kind: 'new' as const, format: 'raw' as const, sizeGiB: 3 } }],
      [
        {
          ...{ number: 4, bus: 'nvme' as const },
          disk: { kind: 'new' as const, format: 'raw' as const, sizeGiB: 3, place: '/data/fast+big' },
        },
      ],
      [{ number: 3, bus: 'nvme' as const, disk: { kind: 'image' as const, format: 'qcow2' as const, path: '/srv/c' } }],
      [{ number: 4, bus: 'virtio-blk' as const, disk: { kind: 'device' as const, path: '/dev/disk/by-id/ata-more' } }],
    ),
    nicModel: fc.constantFrom('virtio', 'e1000e'),
    moreNics: fc.constantFrom(
      [],
      [{ number: 2, model: 'e1000e' as const, bridge: null }],
      [
        { number: 3, model: 'virtio' as const, bridge: 'br-lab' },
        { number: 4, model: 'virtio' as const, bridge: null },
      ],
    ),
    installIso: decidedOr('/srv/install.iso'),
    driverIso: decidedOr('/srv/drivers.iso'),
    secureBoot: decidedOr(true, false),
    tpm: decidedOr(true, false),
    screen: decidedOr(true, false),
    audio: decidedOr('none', 'pa', 'pipewire', 'alsa'),
    cards: fc.constant(null),
    stopAtStart: fc.constantFrom([], ['display-manager.service']),
    comeBackMinutes: decidedOr(2, 5),
    extraDevices: fc.constantFrom([], ['0000:00:14.0'], ['0000:00:14.0', '0000:00:1a.0']),
    lookingGlass: picture,
    bios: decidedOr(true, false),
    usb: fc.constantFrom([], [{ port: '1-2', vendorId: '046d', productId: 'c31c' }]),
    evdev: fc.constantFrom([], ['/dev/input/by-id/usb-a-event-kbd', '/dev/input/by-id/usb-a-event-mouse']),
    sharedFolders: fc.constantFrom(
      [],
      [{ number: 2, directory: '/srv/plans', tag: 'plans', readOnly: true }],
      [
        { number: 1, directory: '/srv/a', tag: 'a', readOnly: false },
        { number: 3, directory: '/srv/b, c', tag: 'b', readOnly: true },
      ],
    ),
    hugePages: fc.boolean(),
    hugePageMiB: fc.constantFrom(2 as const, 1024 as const),
    spice: decidedOr(true, false),
    setApart: fc.boolean(),
    processors: decidedOr('1-2,15-16', '0,3', '900'),
    stopSeconds: fc.constantFrom(60, 180),
    autostart: fc.boolean(),
    hostSleep: fc.constantFrom('waits', 'shuts-down', 'ignores'),
    hardwareUpdate: fc.constant(null),
    roms: fc.constantFrom(
      [],
      [{ address: '0000:01:00.0', file: null }],
      [{ address: '0000:01:00.0', file: '/srv/rom' }],
    ),
    physBits: decidedOr(36, 39),
    mmioWindowMiB: decidedOr(1024, 65_536),
    hideHypervisor: fc.boolean(),
    extraArguments: fc.constantFrom([], ['-device usb-tablet'], ['-no-fd-bootchk', '-global PIIX4_PM.disable_s3=1']),
    answers: decidedOr(setupAnswers.parse({}), setupAnswers.parse({ image: 'a "b" & <c>', account: "O'Neil & co" })),
  })
  .map((definition) => ({ ...DEFAULT_CHOICES, definition }))
