import { shellQuote } from '#shared/base/shell-quote.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { diskFile } from '../disk/disk-file.ts'

/** The last of the six ports of SATA, which only a fourth disk could have: where there is this disc, there is one disk. */
const DRIVE = 'ide-cd,id=drive-answers,bus=ide.5'
/** The same with the disc in it. */
export const DRIVE_WITH_ANSWERS = `${DRIVE},drive=answers`

/** Whether a VM has a drive for the disc that answers Setup. */
export function hasAnswers({ answers, disk }: Pick<VmDefinition, 'answers' | 'disk'>): boolean {
  return answers !== undefined && disk?.kind === 'new'
}

/**
 * Lines of start-vm.sh that leave the drive empty once somebody has written to the disk: Setup would divide it again,
 * unasked. The note beside the disk says what it was when it was made (size and time of its last change).
 */
export function answersOnlyOnce(definition: VmDefinition): string[] {
  const { name, disk } = definition
  if (!hasAnswers(definition) || disk === null) return []
  const file = diskFile(name, disk)
  return [
    '# Setup divides the disk unasked: once somebody has written to it, the answers stay out of their drive.',
    `made=$(stat -c '%s %.9Y' ${shellQuote(file)} 2> /dev/null | tr -d .) || :`,
    `if ! grep -qF "\\"$made\\"" ${shellQuote(`${file}.json`)} 2> /dev/null; then`,
    '  echo \'The disc that answers Setup is not in its drive: the disk was written to. Step 8 takes it away.\' >> "$run/notes"',
    '  for word do',
    '    shift',
    `    [ "$word" != ${DRIVE_WITH_ANSWERS} ] || word=${DRIVE}`,
    '    set -- "$@" "$word"',
    '  done',
    'fi',
  ]
}
