import { shellWords } from '#shared/base/shell-quote.ts'
import {
  kernelArgs,
  kernelArgsCommand,
  rebuildInitramfs,
  regenerateCommand,
  updateBootloader,
} from '../tool-command.ts'
import { kind } from './kind.ts'

export const bootKinds = {
  'rebuild-initramfs': kind({
    schema: rebuildInitramfs,
    text: (change) => `Rebuild initramfs with ${change.tool}`,
    script: (change) => [shellWords(regenerateCommand(change))],
    label: () => 'rebuild initramfs',
  }),
  'update-bootloader': kind({
    schema: updateBootloader,
    text: (change) => `Render the boot menu with ${change.tool}`,
    script: (change) => [shellWords(regenerateCommand(change))],
    label: () => 'update boot menu',
  }),
  'kernel-args': kind({
    schema: kernelArgs,
    text: (change) => `Add ${change.args.join(' ')} with ${change.tool}`,
    script: (change) => [shellWords(kernelArgsCommand(change, 'there'))],
    label: () => 'add kernel arguments',
  }),
}
