import { OWN_FILES, PROXMOX_UUIDS } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { formatKernelArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present, wantFile } from '#shared/plan/want-file.ts'
import { grubRescue } from '../rescue.ts'
import { renderMenu } from './grub-defaults.ts'
import type { Loader } from './loader.ts'

const ADDED = /\$GRUB_CMDLINE_LINUX_DEFAULT ([^"]*)"/u

/**
 * Debian, Ubuntu, Mint: grub-mkconfig sources /etc/default/grub.d/*.cfg after /etc/default/grub
 * (Debian's grub-mkconfig), so a drop-in of our own appends and no foreign file is edited.
 */
export const grubDebian: Loader = {
  id: 'grub-debian',
  name: 'GRUB (Debian layout)',
  provenOn: 'a real Debian 12 on emulated devices',
  plan: (facts, found, missing) => {
    const render = [renderMenu('update-grub', found.files), ...copies(facts)]
    if (missing.length === 0) return render
    const args = formatKernelArgs([...addedBefore(facts), ...missing])
    const text = [
      '# Written by Passthrough Studio, step 3. Remove it with "Undo" there; update-grub then forgets it.',
      `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${args}"`,
      '',
    ].join('\n')
    const reason = `Appends ${args} to the default entry; /etc/default/grub itself is not touched.`
    return present([wantFile(facts, { path: OWN_FILES.grubDropIn, text, reason }), ...render])
  },
  rescue: grubRescue,
}

/** Proxmox VE with GRUB on several disks: GRUB reads copies of the menu that proxmox-boot-tool writes. */
function copies(facts: Facts): PlannedChange[] {
  const uuids = facts.files[PROXMOX_UUIDS]
  if (uuids === undefined || uuids === null || isUnknown(uuids) || uuids.text.trim() === '') return []
  return [renderMenu('proxmox-boot-tool', [])]
}

/** What an earlier plan put into the drop-in, to be kept when another argument joins it. */
function addedBefore(facts: Facts): string[] {
  const file = facts.files[OWN_FILES.grubDropIn]
  const text = file === undefined || file === null || isUnknown(file) ? '' : file.text
  return [...parseKernelArgs(ADDED.exec(text)?.[1] ?? '')].filter((token) => token !== '')
}
