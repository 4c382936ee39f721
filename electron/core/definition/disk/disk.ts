import type { ChosenDisk, VmDisk } from '#shared/vm/options/disk.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { type Decided, inWords } from '../decided.ts'
import { at } from '../hardware/root-bus.ts'
import { isProof, isWindows } from '../machine/profile.ts'
import { type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { Choice, Topic } from '../topic.ts'
import { diskOptions } from './host-disks.ts'
import { otherFormat, withFormat } from './image-format.ts'

export const disk: Topic<'disk'> = {
  define: ({ facts, choices: { definition: choice }, written }) => ({
    disk: withFormat(decideDisk(choice).value, facts, written),
    installIso: isProof(choice) ? null : choice.installIso,
    driverIso: isWindows(choice) ? choice.driverIso : null,
  }),
  view: ({ facts, choices, written }) => ({
    disk: inWords(decideDisk(choices.definition), diskWords),
    imageFormat: otherFormat(withFormat(choices.definition.disk, facts, written), facts),
    disks: diskOptions(facts),
  }),
  choicesOf: ({ disk, installIso, driverIso }) => ({ disk, installIso, driverIso }),
  argv: {
    boot: ({ definition, withHost }) => {
      if (isProof(definition)) return []
      const image = withHost || definition.disk?.kind !== 'device' ? diskArguments(definition) : []
      return [...image, ...discArguments(definition)]
    },
  },
}

/** Windows 11 needs 64 GB for itself (Microsoft's requirements); design software needs as much again. */
export function decideDisk(choice: Choice): Decided<ChosenDisk | null> {
  if (isProof(choice)) return { value: null, reason: 'The proof guest needs none.' }
  if (choice.disk !== null) return { value: choice.disk, reason: 'As you chose.' }
  const sizeGiB = isWindows(choice) ? 128 : 64
  return {
    value: { kind: 'new', format: 'qcow2', sizeGiB },
    reason: `A new ${sizeGiB} GiB image that grows as the guest writes.`,
  }
}

function diskWords(decided: ChosenDisk | null): string {
  if (decided === null) return 'none'
  return decided.kind === 'new' ? `new, ${decided.sizeGiB} GiB, ${decided.format}` : decided.path
}

/** Where the system disk lies. */
export function diskFile(name: string, disk: VmDisk): string {
  return disk.kind === 'new' ? `${vmPaths(name).disk}.${disk.format}` : disk.path
}

function diskArguments(definition: VmDefinition): ArgumentGroup[] {
  const { name, disk } = definition
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
        ...['-device', `virtio-blk-pci,drive=disk0,iothread=io0,bootindex=1${at(definition, 'disk')}`],
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
