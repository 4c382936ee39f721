import { type VmDefinition, vmDefinition } from './vm.ts'

/** A Linux VM with one function and a disk of its own; every field that has a default has it. */
export const PLAIN_VM: VmDefinition = vmDefinition.parse({
  ...{ version: 2, name: 'designer', profile: 'linux', machine: 'q35', memoryMiB: 4096 },
  cpu: { cores: 2, threads: 1, properties: [] },
  ...{ firmware: null, tpm: false },
  ...{ disk: { kind: 'new', format: 'qcow2', sizeGiB: 20 }, installIso: null, driverIso: null },
  ...{ functions: ['0000:01:00.0'], network: { kind: 'user' }, extraDevices: [] },
  ...{ audio: null, screen: true, lookingGlassMiB: null },
  user: { name: 'designer', uid: 1000, gid: 1000 },
})
