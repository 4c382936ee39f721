import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { Change, ChangeKind } from '#shared/plan/change.ts'
import { type ChangingStep, changingStep } from '#shared/plan/helper-protocol.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { FixedText, RecipeKind } from '#shared/plan/recipe.ts'
import { assertOwnText } from './own-text.ts'

/** What a step may ask for: kinds of change, and of files their recipes. */
type Allowed = readonly (Exclude<ChangeKind, 'write-file'> | Exclude<RecipeKind, 'fixed'> | FixedText)[]

/** The password is asked for by the step's name, so a step gets no more than its name says. */
const OF_STEP: Readonly<Record<ChangingStep, Allowed>> = {
  kernel: ['modules-load', 'load-module'],
  boot: [
    ...(['initramfs-hook', 'dracut-modules', 'mkinitcpio-modules'] as const),
    ...(['grub-drop-in', 'grub-defaults', 'kernel-cmdline', 'loader-entry', 'mkinitcpio-conf'] as const),
    ...(['dracut-cmdline', 'cmdline-drop-in', 'remove-file'] as const),
    ...(['grub-rescue', 'loader-rescue', 'rebuild-initramfs', 'update-bootloader', 'kernel-args'] as const),
  ],
  cards: ['set-virtual-functions', 'virtual-functions', 'virtual-unit', 'virtual-unit-want'],
  bind: [
    ...(['init-top', 'early-script', 'early-unit', 'early-unit-want', 'dracut-early'] as const),
    ...(['mkinitcpio-install', 'mkinitcpio-hook', 'mkinitcpio-early', 'mkinitcpio-conf'] as const),
    ...(['rebuild-initramfs', 'update-bootloader', 'remove-file'] as const),
    ...(['override-driver', 'bind-driver', 'give-back'] as const),
  ],
  network: [
    ...(['nm-bridge', 'nm-port', 'networkd-netdev', 'networkd-bridge', 'networkd-port'] as const),
    ...(['interfaces-bridge', 'interfaces', 'guard-network', 'switch-network'] as const),
  ],
  definition: [
    ...(['vm-definition', 'vm-script', 'vm-host', 'vm-unit', 'vm-rule'] as const),
    ...(['vm-autostart', 'vm-autostart-want', 'swtpm-rules'] as const),
    ...(['create-disk-image', 'copy-firmware-vars', 'build-proof-guest'] as const),
    ...(['make-answer-disc', 'remove-answer-disc'] as const),
  ],
}

/**
 * Whether a plan is one that its step makes, and every file in it one of this program's. Asked once, before the first
 * change.
 * @throws ProblemError `refused` when it is not.
 */
export async function assertPlan(system: System, { step, changes }: Plan): Promise<void> {
  const changing = changingStep(step)
  const allowed = changing === null ? [] : OF_STEP[changing]
  for (const { change } of changes) {
    const kind = kindOf(change)
    if (kind === null || !allowed.includes(kind)) refuse(change)
    if (change.kind === 'write-file') await assertOwnText(system, change)
  }
}

function kindOf(change: Change): Allowed[number] | null {
  if (change.kind !== 'write-file') return change.kind
  const { recipe } = change
  return recipe?.of === 'fixed' ? recipe.text : (recipe?.of ?? null)
}

function refuse({ kind }: Change): never {
  throw new ProblemError('refused', `The step does not make a change of this kind (${kind}).`, {
    hint: 'Nothing was done. Check again to get a new plan.',
  })
}
