import { wantText } from '#core/texts/want-text.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type ArgsEdit, editWords, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { build } from '../initramfs/initramfs.ts'
import { entryRescue } from '../rescue.ts'
import { editCmdline, planKernelInstall } from './kernel-cmdline.ts'
import { inRecipe, type Loader, type Rescue } from './loader.ts'

const RECORDED = 'recorded trees only'

/** The command line is part of the image, so building images is what puts it there. */
export const uki: Loader = {
  id: 'uki',
  name: 'Unified kernel images built by mkinitcpio',
  provenOn: RECORDED,
  plan: (facts, found, edit) => {
    const file = found.argumentsIn === undefined ? editCmdline(facts, found, edit) : cmdlineDropIn(facts, edit)
    return file === null ? [] : [file, ...build(facts, 'mkinitcpio')]
  },
  rescue: unifiedRescue,
}

/** kernel-install hands /etc/kernel/cmdline to ukify, kernel by kernel (60-ukify.install). */
export const ukiKernelInstall: Loader = {
  id: 'uki-kernel-install',
  name: 'Unified kernel images made by kernel-install',
  provenOn: 'a real Debian 13 on emulated devices',
  plan: planKernelInstall,
  rescue: unifiedRescue,
}

/** dracut puts its setting kernel_cmdline into the image (dracut.conf(5)). */
export const ukiDracut: Loader = {
  id: 'uki-dracut',
  name: 'Unified kernel images built by dracut',
  provenOn: RECORDED,
  plan: (facts, found, edit) => {
    const file = dracutSetting(facts, found, edit)
    return file === null ? [] : [file, ...build(facts, 'dracut')]
  },
  rescue: unifiedRescue,
}

/** Whoever makes it would make it anew without what was put into it here. */
export const ukiForeign: Loader = {
  id: 'uki-foreign',
  name: 'A unified kernel image that nothing known here makes',
  provenOn: RECORDED,
  plan: () => [],
  rescue: () => ({ kind: 'none', text: 'Nothing is changed here, so no rescue entry is needed.' }),
  untouched: {
    why: 'What starts this host is a unified kernel image that nothing known here makes; it is not changed.',
    advice: (edit) => {
      const args = isNoEdit(edit) ? '' : `${editWords(edit, 'Add')} where it has its command line. `
      return `${args}Have what builds the image put vfio-pci into its initramfs, then build it anew.`
    },
  },
}

/** Beside the files that mkinitcpio puts the command line together of. What stands in those is not taken out. */
function cmdlineDropIn(facts: Facts, edit: ArgsEdit): PlannedChange | null {
  if (edit.add.length === 0 || edit.remove.length > 0) return null
  return wantText(facts, { of: 'cmdline-drop-in', args: [...edit.add] }, `${editWords(edit)} by a file of our own.`)
}

/** What dracut is told elsewhere is added to; where it takes the arguments from what runs, all of them are named. */
function dracutSetting(facts: Facts, { defaultEntry, argumentsIn }: FoundLoader, edit: ArgsEdit): PlannedChange | null {
  if (isNoEdit(edit) || isUnknown(defaultEntry)) return null
  const reason = `${editWords(edit)} by a file of our own that dracut reads.`
  const { source, text } = defaultEntry
  return argumentsIn === undefined
    ? wantText(facts, { of: 'dracut-cmdline', from: source, ...inRecipe(edit) }, reason, text)
    : wantText(facts, { of: 'dracut-cmdline', from: null, ...inRecipe(edit) }, reason)
}

/**
 * An entry file that starts the same image with the arguments of before. It needs a menu, and systemd-stub goes by it
 * only without Secure Boot (systemd-stub(7)).
 */
function unifiedRescue(facts: Facts, found: FoundLoader): Rescue {
  const { defaultEntry } = found
  const menu = !isUnknown(defaultEntry) && defaultEntry.chosenBy !== 'firmware'
  if (menu && (facts.kernel.secureBoot === false || facts.kernel.secureBoot === null)) return entryRescue(facts, found)
  const why = menu
    ? 'Secure Boot has the image start with what lies inside it'
    : 'The firmware starts the image without a menu'
  return {
    kind: 'none',
    text: `${why}, so no rescue entry is possible. Keep a medium at hand that starts this computer; the rescue script works from there.`,
  }
}
