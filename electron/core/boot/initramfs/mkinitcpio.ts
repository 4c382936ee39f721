import { MODULES } from '#core/texts/boot/mkinitcpio-conf.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { earlyFiles, earlyUnit } from '../early-bind.ts'
import { build, type Initramfs, rebuilt } from './initramfs.ts'

const EARLY = ['mkinitcpio-install', 'mkinitcpio-hook'] as const

export const mkinitcpio: Initramfs = {
  id: 'mkinitcpio',
  name: 'mkinitcpio',
  earlyProvenOn: 'no booted host yet',
  runBySystemd: false,
  earlyFile: OWN_FILES.earlyScript,
  planModules: (facts) => {
    if (goesBy(facts) === 'elsewhere') return []
    const file = goesBy(facts) === 'drop-ins' ? dropIn(facts) : edited(facts, false)
    return rebuilt(facts, present([file]), 'mkinitcpio')
  },
  planEarlyBind: (facts, functions) => {
    if (goesBy(facts) === 'elsewhere') return null
    if (goesBy(facts) === 'drop-ins')
      return rebuilt(facts, earlyFiles(facts, earlyUnit(functions, [...EARLY, 'mkinitcpio-early'])), 'mkinitcpio')
    const files = earlyFiles(facts, earlyUnit(functions, EARLY))
    return rebuilt(facts, [...files, ...present([edited(facts, true)])], 'mkinitcpio')
  },
  rebuild: (facts) => build(facts, 'mkinitcpio'),
}

/** What settings reach the images: a directory of drop-ins, the one file, or neither, for presets name another. */
function goesBy(facts: Facts): 'drop-ins' | 'file' | 'elsewhere' {
  const found = facts.boot.initramfs.find(({ id }) => id === 'mkinitcpio')
  if (found === undefined || found.elsewhere.length > 0) return 'elsewhere'
  return found.dropIns ? 'drop-ins' : 'file'
}

function dropIn(facts: Facts): PlannedChange | null {
  return wantText(
    facts,
    { of: 'fixed', text: 'mkinitcpio-modules' },
    'Puts vfio-pci into the initramfs by a drop-in of our own.',
  )
}

function edited(facts: Facts, hook: boolean): PlannedChange | null {
  const hooks = hook ? ', and our hook last in HOOKS' : ''
  return wantText(
    facts,
    { of: 'mkinitcpio-conf', hook },
    `Puts ${MODULES} first in MODULES${hooks}; every other byte stays.`,
  )
}
