import { MODULES } from '#core/texts/mkinitcpio-conf.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { earlyFiles, earlyUnit } from '../early-bind.ts'
import { type Initramfs, rebuilt } from './initramfs.ts'

const EARLY = ['mkinitcpio-install', 'mkinitcpio-hook', 'mkinitcpio-early'] as const

export const mkinitcpio: Initramfs = {
  id: 'mkinitcpio',
  name: 'mkinitcpio',
  earlyProvenOn: 'no booted host yet',
  earlyFile: OWN_FILES.earlyScript,
  planModules: (facts) => {
    const file = readsDropIns(facts) ? dropIn(facts) : edited(facts)
    return rebuilt(facts, present([file]), 'mkinitcpio')
  },
  planEarlyBind: (facts, functions) =>
    readsDropIns(facts) ? rebuilt(facts, earlyFiles(facts, earlyUnit(functions, EARLY)), 'mkinitcpio') : null,
}

/** mkinitcpio.conf.d is read since version 36; its package makes the directory. */
function readsDropIns(facts: Facts): boolean {
  return facts.boot.initramfs.some((tool) => tool.id === 'mkinitcpio' && tool.dropIns)
}

function dropIn(facts: Facts): PlannedChange | null {
  return wantText(
    facts,
    { of: 'fixed', text: 'mkinitcpio-modules' },
    'Puts vfio-pci into the initramfs by a drop-in of our own.',
  )
}

function edited(facts: Facts): PlannedChange | null {
  return wantText(facts, { of: 'mkinitcpio-conf' }, `Puts ${MODULES} first in MODULES; every other byte stays.`)
}
