import type { AtStart } from '#shared/vm/options/at-start.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

export const GPU = '0000:01:00.0'
export const SOUND = '0000:01:00.1'

/** What the script under test takes: a card of two functions behind a root port, its login screen stopped. */
const AT_START: AtStart = {
  functions: [
    { address: SOUND, vendorId: '8086', deviceId: '2668', way: '0000:00:01.0/00.1' },
    { address: GPU, vendorId: '1234', deviceId: '1111', way: '0000:00:01.0/00.0' },
  ],
  stop: ['display-manager.service', 'nvidia-persistenced.service'],
  minutes: null,
}

/** The VM around which the script under test works. */
export const VM: VmDefinition = {
  ...{ version: 2, name: 'designer', profile: 'linux', machine: 'q35', memoryMiB: 4096 },
  cpu: { cores: 2, threads: 1, properties: [] },
  ...{
    hugePages: false,
    pinning: null,
    setApart: false,
    memoryNode: null,
    hugePageMiB: 2,
    firmware: null,
    legacyVga: false,
    tpm: false,
  },
  ...{ disk: { kind: 'new', format: 'qcow2', sizeGiB: 20 }, installIso: null, driverIso: null },
  ...{ diskBus: 'virtio-blk', moreDisks: [], diskIo: [] },
  ...{ functions: [GPU, SOUND], atStart: AT_START, network: { kind: 'user' } },
  ...{ extraDevices: [], usbDevices: [], inputDevices: [] },
  ...{ audio: null, screen: true, spice: false, lookingGlassMiB: null, kvmfr: false },
  ...{ stopSeconds: 180, autostart: false, hostSleep: 'waits', uuid: null, addresses: {} },
  ...{ roms: [], physBits: null, mmioWindowMiB: null, hideHypervisor: false, extraArguments: [] },
  user: { name: 'designer', uid: 1000, gid: 1000 },
}
