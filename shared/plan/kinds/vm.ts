import { z } from 'zod'
import { shellQuote, shellWords } from '#shared/base/shell-quote.ts'
import { HUGE_PAGE_LIMIT, HUGE_PAGE_MIB } from '#shared/facts/compute/huge-pages.ts'
import { diskPlace } from '#shared/vm/options/disk-place.ts'
import { absolutePath, kind } from './kind.ts'

/**
 * Makes the proof guest's files from this host's own kernel and a few of its programs; group `gid` may read them. Earlier
 * versions copied the host's initramfs.
 */
const buildProofGuest = z.strictObject({
  kind: z.literal('build-proof-guest'),
  kernel: absolutePath,
  initrd: absolutePath.optional(),
  directory: absolutePath,
  note: z.string().max(1000),
  gid: z.number().int(),
})

/**
 * Makes an empty disk image of a VM for its user, with the VM's files or at a place of the admin's. Undo keeps it once a
 * guest has written to it.
 */
const createDiskImage = z.strictObject({
  kind: z.literal('create-disk-image'),
  path: absolutePath,
  format: z.enum(['qcow2', 'raw']),
  sizeGiB: z.number().int().min(1).max(65_536),
  place: diskPlace.optional(),
  uid: z.number().int().min(1),
  gid: z.number().int().min(1),
})

/** Gives a VM its own copy of the firmware's variables; one that is there already is kept. */
const copyFirmwareVars = z.strictObject({
  kind: z.literal('copy-firmware-vars'),
  /** Microsoft's keys are put in, and Secure Boot is switched on. */
  enroll: z.literal(true).optional(),
  template: absolutePath,
  path: absolutePath,
  uid: z.number().int().min(1),
  gid: z.number().int().min(1),
})

/**
 * Lets the kernel make as many huge pages of 2 MiB as programs ask for, up to `pages`. It makes them when the VM
 * starts and has them back when it ends, however it ends; only the limit stays, until undo or reboot.
 */
const reserveHugePages = z.strictObject({
  kind: z.literal('reserve-huge-pages'),
  pages: z.number().int().min(1).max(2_097_152),
  expected: z.strictObject({ limit: z.number().int() }),
})

function owned(path: string, { uid, gid }: { uid: number; gid: number }): string[] {
  return [`chown ${uid}:${gid} ${shellQuote(path)}`, `chmod 600 ${shellQuote(path)}`]
}

/** Platform keys, Microsoft's for Windows and others, and Secure Boot on (virt-fw-vars(1)). */
export function enrollArguments(template: string, path: string): string[] {
  return ['--input', template, '--output', path, '--enroll-redhat', '--secure-boot']
}

export const vmKinds = {
  'build-proof-guest': kind({
    schema: buildProofGuest,
    text: (change) => `Build the proof guest in ${change.directory}`,
    script: ({ kernel, directory }) => [
      `# copies ${kernel} to ${directory} and packs sh, mount, mkdir, sleep and one script beside it; done by the app`,
    ],
    label: () => 'build the proof guest',
  }),
  'create-disk-image': kind({
    schema: createDiskImage,
    text: (change) => `Create ${change.path} (${change.sizeGiB} GiB, ${change.format})`,
    script: ({ path, format, sizeGiB, place, ...owner }) => [
      ...(place === undefined ? [] : [`mkdir -p ${shellQuote(path.slice(0, path.lastIndexOf('/')))}`]),
      `qemu-img create -q -f ${format} ${shellQuote(path)} ${sizeGiB}G`,
      ...owned(path, owner),
    ],
    label: () => 'create the disk',
  }),
  'copy-firmware-vars': kind({
    schema: copyFirmwareVars,
    text: (change) =>
      `Copy ${change.template} to ${change.path}${change.enroll === true ? ' with Microsoft’s keys for Secure Boot' : ''}`,
    script: ({ template, path, enroll, ...owner }) => [
      enroll === true
        ? shellWords({ tool: 'virt-fw-vars', args: enrollArguments(template, path) })
        : `cp ${shellQuote(template)} ${shellQuote(path)}`,
      ...owned(path, owner),
    ],
    label: () => 'copy the UEFI variables',
  }),
  'reserve-huge-pages': kind({
    schema: reserveHugePages,
    text: (change) => `Let the kernel make up to ${change.pages} huge pages of ${HUGE_PAGE_MIB} MiB`,
    script: ({ pages }) => [`echo ${pages} > ${HUGE_PAGE_LIMIT}`],
    label: () => 'allow huge pages',
  }),
}
