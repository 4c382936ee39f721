import { type AnswerDisc, imageOf } from '#shared/vm/answers/answer-disc.ts'
import { EDITIONS } from '#shared/vm/answers/editions.ts'
import { component, flag, pass } from './components.ts'
import { DISC_LETTERS, GUARD, onTheDisc } from './disc-scripts.ts'
import { localeElements } from './locale.ts'
import { added, type Element, element } from './xml.ts'

/** Directories of the virtio-win disc with a driver for what a VM of ours has; below each, one for each Windows. */
export const DRIVERS = ['viostor', 'vioscsi', 'NetKVM', 'vioserial', 'Balloon'] as const

/** What runs from the installation disc: language, drivers, the disk, the image. */
export function windowsPe(disc: AnswerDisc): Element {
  return pass('windowsPE', [
    component('Microsoft-Windows-International-Core-WinPE', [
      element('SetupUILanguage', [element('UILanguage', disc.answers.language)]),
      ...localeElements(disc.answers),
    ]),
    ...(disc.drivers ? [drivers(disc)] : []),
    component('Microsoft-Windows-Setup', [
      diskConfiguration(disc),
      imageInstall(disc),
      element('RunSynchronous', [
        added('RunSynchronousCommand', [
          element('Description', 'Stops before a disk that is not empty'),
          element('Order', 1),
          element('Path', onTheDisc(GUARD)),
        ]),
      ]),
      userData(disc),
    ]),
  ])
}

/** Nobody knows which letter a disc gets, so each is named; a directory that is not there is passed over. */
function drivers({ windows }: AnswerDisc): Element {
  const paths = DISC_LETTERS.flatMap((letter) => DRIVERS.map((driver) => `${letter}:\\${driver}\\w${windows}\\amd64`))
  return component('Microsoft-Windows-PnpCustomizationsWinPE', [
    element(
      'DriverPaths',
      paths.map((path, index) =>
        added('PathAndCredentials', [element('Path', path)], { 'wcm:keyValue': String(index + 1) }),
      ),
    ),
  ])
}

interface Partition {
  /** What it is made as, of how many MiB; null: all that is left. */
  type: 'EFI' | 'MSR' | 'Primary'
  mebibytes: number | null
  /** How it is formatted; null: it is not. */
  format: { label: string; system: 'FAT32' | 'NTFS'; active?: true; letter?: 'C' } | null
}

/**
 * The last one is Windows'. UEFI wants GPT, which Setup makes of a disk that it wipes when it was started by UEFI. An EFI
 * partition of 260 MiB also fits disks with sectors of 4 KiB.
 */
const PARTITIONS: Readonly<Record<AnswerDisc['layout'], readonly Partition[]>> = {
  uefi: [
    { type: 'EFI', mebibytes: 260, format: { label: 'System', system: 'FAT32' } },
    { type: 'MSR', mebibytes: 16, format: null },
    { type: 'Primary', mebibytes: null, format: { label: 'Windows', system: 'NTFS', letter: 'C' } },
  ],
  bios: [
    { type: 'Primary', mebibytes: 500, format: { label: 'System', system: 'NTFS', active: true } },
    { type: 'Primary', mebibytes: null, format: { label: 'Windows', system: 'NTFS', letter: 'C' } },
  ],
}

function diskConfiguration({ layout }: AnswerDisc): Element {
  const partitions = PARTITIONS[layout]
  return element('DiskConfiguration', [
    added('Disk', [
      element('CreatePartitions', partitions.map(created)),
      element('ModifyPartitions', partitions.map(modified)),
      element('DiskID', 0),
      flag('WillWipeDisk', true),
    ]),
    element('WillShowUI', 'OnError'),
  ])
}

function created({ type, mebibytes }: Partition, index: number): Element {
  return added('CreatePartition', [
    ...(mebibytes === null ? [flag('Extend', true)] : []),
    element('Order', index + 1),
    ...(mebibytes === null ? [] : [element('Size', mebibytes)]),
    element('Type', type),
  ])
}

function modified({ format }: Partition, index: number): Element {
  return added('ModifyPartition', [
    ...(format?.active === true ? [flag('Active', true)] : []),
    ...(format === null ? [] : [element('Format', format.system), element('Label', format.label)]),
    ...(format?.letter === undefined ? [] : [element('Letter', format.letter)]),
    element('Order', index + 1),
    element('PartitionID', index + 1),
  ])
}

function imageInstall(disc: AnswerDisc): Element {
  return element('ImageInstall', [
    element('OSImage', [
      element('InstallFrom', [added('MetaData', [element('Key', '/IMAGE/NAME'), element('Value', imageOf(disc))])]),
      element('InstallTo', [element('DiskID', 0), element('PartitionID', PARTITIONS[disc.layout].length)]),
      element('WillShowUI', 'OnError'),
    ]),
  ])
}

/** Of an image by its own name no key is known. */
function userData({ answers: { account, edition, image } }: AnswerDisc): Element {
  const key = image === null ? EDITIONS[edition].key : null
  return element('UserData', [
    element('ProductKey', [...(key === null ? [] : [element('Key', key)]), element('WillShowUI', 'OnError')]),
    flag('AcceptEula', true),
    element('FullName', account),
  ])
}
