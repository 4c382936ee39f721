import type { FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import { type ArgsEdit, editWords, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { entryRescue } from '../rescue.ts'
import { inRecipe, type Loader } from './loader.ts'

const PROVEN_ON = 'recorded trees only'

function editWith(
  tool: ChangeOf<'kernel-args'>['tool'],
  found: FoundLoader,
  edit: ArgsEdit,
  reason: string,
): PlannedChange[] {
  if (isNoEdit(edit)) return []
  return [{ change: { kind: 'kernel-args', tool, ...inRecipe(edit), outputs: found.files }, reason, before: null }]
}

/** Fedora, RHEL 8 and later: entries under /boot/loader/entries belong to grubby (grubby(8)). */
export const grubby: Loader = {
  id: 'grubby',
  name: 'GRUB with boot loader entries (grubby)',
  provenOn: PROVEN_ON,
  plan: (_facts, found, edit) =>
    editWith('grubby', found, edit, `${editWords(edit)} in every kernel’s entry, and in those of kernels to come.`),
  rescue: entryRescue,
}

/** Pop!_OS: kernelstub keeps the arguments in its configuration and writes them to the ESP (kernelstub(1)). */
export const kernelstub: Loader = {
  id: 'kernelstub',
  name: 'systemd-boot managed by kernelstub',
  provenOn: PROVEN_ON,
  plan: (_facts, found, edit) =>
    editWith('kernelstub', found, edit, `${editWords(edit)} in kernelstub’s configuration and its entries.`),
  rescue: entryRescue,
}

/** Fedora Atomic and its relatives: arguments belong to a deployment (rpm-ostree(1), kargs). */
export const rpmOstree: Loader = {
  id: 'rpm-ostree',
  name: 'rpm-ostree deployments',
  provenOn: PROVEN_ON,
  plan: (_facts, found, edit) =>
    editWith('rpm-ostree', found, edit, `${editWords(edit)} in a new deployment, which starts at the next reboot.`),
  rescue: () => ({
    kind: 'inherent',
    text: 'The deployment of before stays in the boot menu, without our arguments.',
  }),
}
