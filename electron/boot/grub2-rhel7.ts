import { formatKernelArgs } from '../../shared/kernel-args.ts'
import { OWN_FILES } from '../../shared/own-files.ts'
import type { PlannedChange } from '../../shared/plan.ts'
import { isUnknown } from '../../shared/unknown.ts'
import { wantFile } from '../../shared/want-file.ts'
import { appendToVariable } from './shell-variable.ts'
import type { Loader } from './loader.ts'

/** RHEL and CentOS 7: no drop-ins; GRUB_CMDLINE_LINUX in /etc/default/grub is edited by token. */
export const grub2Rhel7: Loader = {
  id: 'grub2-rhel7',
  name: 'GRUB 2 (RHEL 7 layout)',
  provenOn: 'the simulated workstation only',
  plan: (facts, wanted) => {
    const file = facts.files[OWN_FILES.grubDefaults]
    if (wanted.length === 0 || file === undefined || file === null || isUnknown(file)) return []
    const text = appendToVariable(file.text, 'GRUB_CMDLINE_LINUX', wanted)
    const reason = `Appends ${formatKernelArgs(wanted)} to GRUB_CMDLINE_LINUX; every other byte stays.`
    const edit = wantFile(facts, { path: OWN_FILES.grubDefaults, text, reason })
    const render: PlannedChange = {
      change: { kind: 'update-bootloader', tool: 'grub2-mkconfig', outputs: ['/boot/grub2/grub.cfg'] },
      reason: 'Renders the boot menu with the new arguments; the menu of before is kept for undo.',
      before: null,
    }
    return edit === null ? [render] : [edit, render]
  },
}
