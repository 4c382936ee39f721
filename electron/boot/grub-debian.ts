import { formatKernelArgs } from '../../shared/kernel-args.ts'
import { OWN_FILES } from '../../shared/own-files.ts'
import { wantFile } from '../../shared/want-file.ts'
import type { Loader } from './loader.ts'

/**
 * Debian, Ubuntu, Mint: grub-mkconfig sources /etc/default/grub.d/*.cfg after /etc/default/grub
 * (Debian's grub-mkconfig), so a drop-in of our own appends and no foreign file is edited.
 */
export const grubDebian: Loader = {
  id: 'grub-debian',
  name: 'GRUB (Debian layout)',
  provenOn: 'a real Debian 12 on emulated devices',
  plan: (facts, wanted) => {
    if (wanted.length === 0) return []
    const text = [
      '# Written by Passthrough Studio, step 3. Remove it with "Undo" there; update-grub then forgets it.',
      `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${formatKernelArgs(wanted)}"`,
      '',
    ].join('\n')
    const reason = `Appends ${formatKernelArgs(wanted)} to the default entry; /etc/default/grub itself is not touched.`
    const file = wantFile(facts, { path: OWN_FILES.grubDropIn, text, reason })
    return [
      ...(file === null ? [] : [file]),
      {
        change: { kind: 'update-bootloader', tool: 'update-grub', outputs: ['/boot/grub/grub.cfg'] },
        reason: 'Renders the boot menu with the new arguments; the menu of before is kept for undo.',
        before: null,
      },
    ]
  },
}
