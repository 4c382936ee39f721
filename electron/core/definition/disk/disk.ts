import type { Facts } from '#shared/facts/facts.ts'
import { driveId } from '#shared/vm/disc.ts'
import type { ChosenDisk } from '#shared/vm/options/disk.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { type Decided, inWords } from '../decided.ts'
import { isProof, isWindows } from '../machine/profile.ts'
import { type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { Choice, Topic } from '../topic.ts'
import { busOptions } from './buses.ts'
import { diskArguments } from './disk-arguments.ts'
import { diskOptions } from './host-disks.ts'
import { otherFormat } from './image-format.ts'
import { chosenOf, settled, settledMore } from './settled.ts'

export const disk: Topic<'disk'> = {
  define: ({ facts, choices: { definition: choice }, written, qemu }) => ({
    disk: systemDisk(choice, facts, written),
    installIso: isProof(choice) ? null : choice.installIso,
    driverIso: isWindows(choice) ? choice.driverIso : null,
    diskBus: isProof(choice) ? 'virtio-blk' : choice.diskBus,
    moreDisks: isProof(choice) ? [] : choice.moreDisks.map((more) => settledMore(more, facts, written)),
    diskIo: isProof(choice) ? [] : qemu.diskIo,
  }),
  view: ({ facts, choices, qemu, written }) => ({
    buses: busOptions(qemu),
    disk: inWords(decideDisk(choices.definition), diskWords),
    imageFormat: otherFormat(systemDisk(choices.definition, facts, written), facts),
    disks: diskOptions(facts),
  }),
  choicesOf: ({ disk, installIso, driverIso, diskBus, moreDisks }) => ({
    disk: disk === null ? null : chosenOf(disk),
    installIso,
    driverIso,
    diskBus,
    moreDisks: moreDisks.map((more) => ({ ...more, disk: chosenOf(more.disk) })),
  }),
  argv: {
    boot: ({ definition, withHost }) => {
      return isProof(definition) ? [] : [...diskArguments(definition, withHost), ...discArguments(definition)]
    },
  },
}

function systemDisk(choice: Choice, facts: Facts, written: VmDefinition | null): VmDefinition['disk'] {
  const { value } = decideDisk(choice)
  return value === null ? null : settled(value, facts, written?.disk)
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
  if (decided.kind !== 'new') return decided.path
  const where = decided.place === undefined ? '' : `, in ${decided.place}`
  return `new, ${decided.sizeGiB} GiB, ${decided.format}${where}`
}

/** Discs on SATA: Windows setup sees them without a driver. */
function discArguments({ installIso, driverIso }: VmDefinition): ArgumentGroup[] {
  const discs = [
    { path: installIso, id: 'install' as const, port: 0, more: ',bootindex=2', reason: 'The installation disc.' },
    {
      path: driverIso,
      id: 'drivers' as const,
      port: 1,
      more: '',
      reason: 'The disc with the virtio drivers for Windows.',
    },
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
              ...['-device', `ide-cd,id=${driveId(id)},bus=ide.${port},drive=${id}${more}`],
            ],
          },
        ],
  )
}
