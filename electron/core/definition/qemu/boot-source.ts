import { PROOF_INIT } from '#shared/facts/guest-report.ts'
import { type VmDefinition, type VmDisk, type VmFirmware, vmPaths } from '#shared/vm/vm.ts'
import { type ArgumentGroup, optionValue } from './argument-group.ts'

/** Firmware, disk and discs; for the proof guest its kernel. */
export function bootArguments(definition: VmDefinition, withHost: boolean): ArgumentGroup[] {
  if (definition.profile === 'proof-guest') return [proofArguments(definition)]
  const disk = withHost || definition.disk?.kind !== 'device' ? diskArguments(definition) : []
  return [...firmwareArguments(definition), NO_SUSPEND, ...disk, ...discArguments(definition)]
}

const NO_SUSPEND: ArgumentGroup = {
  reason: 'The guest cannot suspend to RAM: a card does not come back from that.',
  args: ['-global', 'ICH9-LPC.disable_s3=1'],
}

function proofArguments({ name, screen }: VmDefinition): ArgumentGroup {
  const { kernel, initrd } = vmPaths(name)
  // The last one is /dev/console; the kernel's own words go to all of them.
  const append = `${screen ? 'console=tty0 ' : ''}console=ttyS0 rdinit=/${PROOF_INIT} quiet panic=-1`
  return {
    reason: "The proof guest: this host's own kernel, and one script that reports what it sees.",
    args: ['-kernel', kernel, '-initrd', initrd, '-append', append, '-no-reboot'],
  }
}

/** The VM's own copy of the firmware's variables; those with keys and those without do not fit the other's code. */
export function varsFile(name: string, { varsFormat, secureBoot }: VmFirmware): string {
  return `${vmPaths(name).vars}${secureBoot ? '-secure' : ''}.${varsFormat === 'qcow2' ? 'qcow2' : 'fd'}`
}

/** Where the system disk lies. */
export function diskFile(name: string, disk: VmDisk): string {
  return disk.kind === 'new' ? `${vmPaths(name).disk}.${disk.format}` : disk.path
}

function firmwareArguments({ name, firmware }: VmDefinition): ArgumentGroup[] {
  if (firmware === null) return []
  const { code, codeFormat, varsFormat, smm } = firmware
  const secure = smm ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []
  return [
    {
      reason: 'UEFI: its code is shared and read only, its variables are this VM’s own copy.',
      args: [
        ...['-drive', `if=pflash,unit=0,format=${codeFormat},readonly=on,file=${optionValue(code)}`],
        ...['-drive', `if=pflash,unit=1,format=${varsFormat},file=${optionValue(varsFile(name, firmware))}`],
        ...secure,
      ],
    },
  ]
}

function diskArguments({ name, disk }: VmDefinition): ArgumentGroup[] {
  if (disk === null) return []
  const file = optionValue(diskFile(name, disk))
  const direct = 'cache.direct=on,discard=unmap'
  const [format, driver] = disk.kind === 'device' ? ['raw', 'host_device'] : [disk.format, 'file']
  return [
    {
      reason: 'The disk: past the host’s cache, with a thread of its own; space the guest frees is freed here too.',
      args: [
        ...['-object', 'iothread,id=io0'],
        '-blockdev',
        `driver=${format},node-name=disk0,${direct},file.driver=${driver},file.filename=${file},file.cache.direct=on,file.discard=unmap`,
        ...['-device', 'virtio-blk-pci,drive=disk0,iothread=io0,bootindex=1'],
      ],
    },
  ]
}

/** Discs on SATA: Windows setup sees them without a driver. */
function discArguments({ installIso, driverIso }: VmDefinition): ArgumentGroup[] {
  const discs = [
    { path: installIso, id: 'install', port: 0, more: ',bootindex=2', reason: 'The installation disc.' },
    { path: driverIso, id: 'drivers', port: 1, more: '', reason: 'The disc with the virtio drivers for Windows.' },
  ]
  return discs.flatMap(({ path, id, port, more, reason }) =>
    path === null
      ? []
      : [
          {
            reason,
            args: [
              '-blockdev',
              `driver=raw,node-name=${id},read-only=on,file.driver=file,file.filename=${optionValue(path)}`,
              ...['-device', `ide-cd,bus=ide.${port},drive=${id}${more}`],
            ],
          },
        ],
  )
}
