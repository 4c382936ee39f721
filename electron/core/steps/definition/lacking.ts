import { citeCommand } from '#core/evidence.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import type { FindingCode } from '#shared/wizard/finding-codes.ts'
import { fail, manualFix } from '../step.ts'

interface Option<Id extends string> {
  id: Id
  title: string
  blocked: string | null
}

/** How to speak of an option that this QEMU does not have. */
interface Words {
  code: FindingCode
  text: (title: string) => string
  fix: string
}

/** Judges whether this QEMU has what was chosen of several options, by its own list of devices. */
export function lacking<Id extends string>(
  { binary }: QemuFacts,
  options: readonly Option<Id>[],
  used: readonly Id[],
  { code, text, fix }: Words,
): Finding[] {
  return options.flatMap(({ id, title, blocked }) => {
    if (!used.includes(id) || blocked === null) return []
    const seen = [citeCommand(`${binary} -device help`, blocked)]
    return [fail({ code, about: id }, `${text(title)}: ${blocked}`, seen, manualFix(fix))]
  })
}
