import { grubDefaults } from '#core/texts/boot/boot-texts.ts'
import { textOf, wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { editWords, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { grubRescue } from '../rescue.ts'
import { inRecipe, type Loader } from './loader.ts'

interface Layout extends Pick<Loader, 'id' | 'name'> {
  variable: 'GRUB_CMDLINE_LINUX' | 'GRUB_CMDLINE_LINUX_DEFAULT'
  tool: 'grub-mkconfig' | 'grub2-mkconfig'
}

/** Edits one variable of /etc/default/grub by token, for a GRUB without drop-ins, and then renders the menu. */
function editedDefaults({ id, name, variable, tool }: Layout): Loader {
  return {
    id,
    name,
    provenOn: 'recorded trees only',
    plan: (facts, found, edit) => {
      const now = textOf(facts, OWN_FILES.grubDefaults)
      if (now === null || grubDefaults(now, variable, edit) === null) return []
      const reason = `${editWords(edit, 'Appends')} in ${variable}; every other byte stays.`
      const file = isNoEdit(edit) ? null : wantText(facts, { of: 'grub-defaults', variable, ...inRecipe(edit) }, reason)
      return present([file, renderMenu(tool, found.files)])
    },
    rescue: grubRescue,
  }
}

/** Returns the change that has the menu rendered; `outputs` is kept for undo. */
export function renderMenu(tool: ChangeOf<'update-bootloader'>['tool'], outputs: readonly string[]): PlannedChange {
  return {
    change: { kind: 'update-bootloader', tool, outputs: [...outputs] },
    reason: 'Renders the boot menu anew; the menu of before is kept for undo.',
    before: null,
  }
}

/** RHEL and CentOS 7, Fedora up to 29: the defaults file has no variable for normal boots alone. */
export const grub2Rhel7 = editedDefaults({
  id: 'grub2-rhel7',
  name: 'GRUB 2 (RHEL 7 layout)',
  variable: 'GRUB_CMDLINE_LINUX',
  tool: 'grub2-mkconfig',
})

export const grub2Suse = editedDefaults({
  id: 'grub2-suse',
  name: 'GRUB 2 (openSUSE layout)',
  variable: 'GRUB_CMDLINE_LINUX_DEFAULT',
  tool: 'grub2-mkconfig',
})

export const grubArch = editedDefaults({
  id: 'grub-arch',
  name: 'GRUB (upstream layout, as on Arch)',
  variable: 'GRUB_CMDLINE_LINUX_DEFAULT',
  tool: 'grub-mkconfig',
})
