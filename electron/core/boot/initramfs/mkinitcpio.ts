import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present, wantFile } from '#shared/plan/want-file.ts'
import { earlyFiles, earlyMkinitcpio } from '../early-bind.ts'
import { type Initramfs, rebuilt } from './initramfs.ts'

/** vfio-pci first, so that it is there before any graphics driver in the list (mkinitcpio.conf(5), MODULES). */
const MODULES = 'vfio_pci vfio vfio_iommu_type1'

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
    readsDropIns(facts) ? rebuilt(facts, earlyFiles(facts, earlyMkinitcpio(functions)), 'mkinitcpio') : null,
}

/** mkinitcpio.conf.d is read since version 36; its package makes the directory. */
function readsDropIns(facts: Facts): boolean {
  return facts.boot.initramfs.some((tool) => tool.id === 'mkinitcpio' && tool.dropIns)
}

function dropIn(facts: Facts): PlannedChange | null {
  const text = `# Written by Passthrough Studio, step 3.\nMODULES=(${MODULES} "\${MODULES[@]}")\n`
  const reason = 'Puts vfio-pci into the initramfs by a drop-in of our own.'
  return wantFile(facts, { path: OWN_FILES.mkinitcpioDropIn, text, reason })
}

function edited(facts: Facts): PlannedChange | null {
  const path = OWN_FILES.mkinitcpioConf
  const file = facts.files[path]
  if (file === undefined || file === null || isUnknown(file)) return null
  const reason = `Puts ${MODULES} first in MODULES; every other byte stays.`
  return wantFile(facts, { path, text: withModules(file.text), reason })
}

/** Puts the modules behind the opening bracket of the last `MODULES=(`; a missing variable is added. */
export function withModules(text: string): string {
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => /^\s*MODULES=\(/u.test(line))
  const line = lines[index]
  if (line === undefined) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}MODULES=(${MODULES})\n`
  if (/\bvfio[-_]pci\b/u.test(lines.slice(index).join('\n').split(')')[0] ?? '')) return text
  const cut = line.indexOf('(') + 1
  const rest = line.slice(cut)
  lines[index] = `${line.slice(0, cut)}${MODULES}${/^[\s)]|^$/u.test(rest) ? '' : ' '}${rest}`
  return lines.join('\n')
}
