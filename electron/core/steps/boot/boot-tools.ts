import { type ChosenLoader, goneText, initramfsName, loaderName } from '#core/boot/adapters.ts'
import type { Initramfs } from '#core/boot/initramfs/initramfs.ts'
import { citeHost } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type ArgsEdit, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { Evidence, Finding } from '#shared/wizard/finding.ts'
import { fail, manualFix, pass, readAsRoot, unknown, warn } from '../step.ts'

/** Returns which boot loader step 3 works with, or why it does not. */
export function loaderInCharge({ facts, loader: chosen }: Situation, edit: ArgsEdit): Finding {
  const { loaders, readOnlyRoot } = facts.boot
  const seen = loaders.map(({ id, evidence }) => citeHost(loaderName(id), evidence))
  if (readOnlyRoot) return transactional()
  if (chosen !== null) return inCharge(chosen, seen, edit)
  if (loaders.length > 1) {
    const names = loaders.map(({ id }) => loaderName(id)).join(' and ')
    const text = `The evidence fits ${names}; which one starts this host is not decided yet.`
    return unknown('boot-loader', text, seen, manualFix('Choose one under "Choices" on this page.'))
  }
  if (facts.boot.closed.length > 0) {
    const hidden = facts.boot.closed.map((path) => citeFile(path, 'permission denied'))
    return unknown(
      'boot-loader',
      'Which boot loader starts this host cannot be read.',
      hidden,
      readAsRoot(facts.boot.closed),
    )
  }
  const text = 'No boot loader was recognised that this version can change; the argument has to be added by hand.'
  const places = ['/etc/default/grub', '/boot/loader', '/efi/loader', '/boot/efi/loader', '/etc/kernel/cmdline']
  return unknown(
    'boot-loader',
    text,
    [citeFile(places.join(', '), null)],
    manualFix('docs/ARCHITECTURE.md names those it knows.'),
  )
}

function inCharge({ loader, found }: ChosenLoader, seen: Evidence[], edit: ArgsEdit): Finding {
  const { untouched } = loader
  if (untouched !== undefined && !isNoEdit(edit))
    return fail('boot-loader', untouched.why, seen, manualFix(untouched.advice(edit)))
  return pass('boot-loader', `${loader.name} is in charge. Proven on: ${loader.provenOn}.`, [
    citeHost(found.id, found.evidence),
  ])
}

/** MicroOS and Aeon: what is written to the running system is not what the next snapshot boots with. */
function transactional(): Finding {
  return fail(
    'boot-loader',
    'This system is read-only and changes by transactions, which this version does not make.',
    [citeFile('/proc/self/mounts', '/ is mounted ro')],
    manualFix('Add the argument to /etc/kernel/cmdline, then run "transactional-update initrd" and reboot.'),
  )
}

const CHOOSE = manualFix('Choose one under "Choices" on this page.')

/** Returns which tool builds the initramfs, or why none is known. */
export function initramfsInCharge({ facts, loader, initramfs: tool, choices }: Situation): Finding {
  const seen = facts.boot.initramfs.map(({ id, evidence }) => citeHost(initramfsName(id), evidence))
  const untouched = loader?.loader.untouched
  if (untouched !== undefined)
    return warn(
      'boot-initramfs',
      'The initramfs is made together with what boots; whether it holds vfio-pci is not looked at.',
      seen,
      manualFix(untouched.advice({ add: [], remove: [] })),
    )
  const gone = goneText(facts, choices)
  if (tool !== null && gone !== null) return warn('boot-initramfs', `${gone} ${tool.name} does.`, seen, CHOOSE)
  if (tool !== null) return builtBy(facts, tool, seen)
  if (facts.boot.initramfs.length === 0) {
    const text = 'No initramfs generator was recognised; it knows initramfs-tools, dracut and mkinitcpio.'
    return unknown('boot-initramfs', text, seen)
  }
  const text = 'Two initramfs generators are installed; which one is used is not decided yet.'
  return unknown('boot-initramfs', text, seen, CHOOSE)
}

/** What a tool is told to go by in place of its own settings is an administrator's, and is not changed. */
function builtBy({ boot }: Facts, tool: Initramfs, seen: Evidence[]): Finding {
  const elsewhere = boot.initramfs.find(({ id }) => id === tool.id)?.elsewhere ?? []
  if (elsewhere.length === 0) return pass('boot-initramfs', `${tool.name} builds the initramfs.`, seen)
  const text = `${tool.name} builds the initramfs, but its presets go by ${elsewhere.join(' and ')}, which is not changed.`
  const fix = 'Have the presets in /etc/mkinitcpio.d name no configuration, or its usual one; then check again.'
  return warn('boot-initramfs', text, seen, manualFix(fix))
}

/** Judges whether there is a way to start without what this program adds. */
export function rescueEntry({ facts, loader: chosen }: Situation): Finding[] {
  if (chosen === null || 'unknown' in chosen.found.defaultEntry) return []
  const rescue = chosen.loader.rescue(facts, chosen.found)
  if (rescue.kind === 'none')
    return [warn('boot-rescue', rescue.text, [citeHost(chosen.found.id, chosen.found.evidence)])]
  if (rescue.kind === 'inherent')
    return [pass('boot-rescue', rescue.text, [citeHost(chosen.found.id, chosen.found.evidence)])]
  const seen = [citeFile(rescue.path, rescue.change === null ? 'exists' : null)]
  if (rescue.change !== null) return [fail('boot-rescue', 'There is no boot entry without our arguments yet.', seen)]
  return [pass('boot-rescue', 'The boot menu has a rescue entry without our arguments; it is never the default.', seen)]
}
