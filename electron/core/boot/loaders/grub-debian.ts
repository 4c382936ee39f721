import { wantText } from '#core/texts/want-text.ts'
import { PROXMOX_UUIDS } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { editWords, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { grubRescue } from '../rescue.ts'
import { renderMenu } from './grub-defaults.ts'
import { inRecipe, type Loader } from './loader.ts'

/**
 * Debian, Ubuntu, Mint: grub-mkconfig sources /etc/default/grub.d/*.cfg after /etc/default/grub
 * (Debian's grub-mkconfig), so a drop-in of our own appends and no foreign file is edited.
 */
export const grubDebian: Loader = {
  id: 'grub-debian',
  name: 'GRUB (Debian layout)',
  provenOn: 'a real Debian 12 on emulated devices',
  plan: (facts, found, edit) => {
    const render = [renderMenu('update-grub', found.files), ...copies(facts)]
    if (isNoEdit(edit)) return render
    const reason = `${editWords(edit, 'Appends')}; /etc/default/grub itself is not touched.`
    return present([wantText(facts, { of: 'grub-drop-in', ...inRecipe(edit) }, reason), ...render])
  },
  rescue: grubRescue,
}

/** Proxmox VE with GRUB on several disks: GRUB reads copies of the menu that proxmox-boot-tool writes. */
function copies(facts: Facts): PlannedChange[] {
  const uuids = facts.files[PROXMOX_UUIDS]
  if (uuids === undefined || uuids === null || isUnknown(uuids) || uuids.text.trim() === '') return []
  return [renderMenu('proxmox-boot-tool', [])]
}
