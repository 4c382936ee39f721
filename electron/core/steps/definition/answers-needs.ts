import { answersOffered } from '#core/definition/answers/answers.ts'
import { answersBlocked } from '#core/definition/answers/blocked.ts'
import { decideTpm } from '#core/definition/firmware/tpm.ts'
import { citeChoice, citeCommand, citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { DISC_TOOLS } from '#shared/vm/answers/answer-disc.ts'
import { chosenInstallers } from '#shared/vm/answers/installers.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, manualFix, pass, warn } from '../step.ts'
import { discTool } from './answer-changes.ts'

const CODE = 'definition-answers'

/** Judges whether Windows can install itself as chosen; nothing where it was not. */
export function answersNeed(situation: Situation): Finding | null {
  const { facts, choices } = situation
  const { answers } = choices.definition
  if (answers === null || !answersOffered(choices.definition)) return null
  const chosen = [citeChoice('Windows installs itself')]
  const blocked = answersBlocked(situation)
  if (blocked !== null)
    return fail(
      CODE,
      `Windows cannot install itself here. ${blocked}`,
      chosen,
      manualFix('Do what it says, or untick “Windows installs itself”.'),
    )
  const tool = discTool(facts)
  if (tool === null)
    return fail(
      CODE,
      `The disc with answers cannot be made: none of ${DISC_TOOLS.join(', ')} is installed.`,
      [citeCommand(DISC_TOOLS[0], null)],
      manualFix('Install the package xorriso, or libisoburn on Arch, then check again.'),
    )
  return (
    unfitInstaller(situation) ??
    doubt(situation) ??
    pass(CODE, 'A disc of this VM’s own answers Windows’ Setup; take it away here once Windows runs.', [
      ...chosen,
      citeCommand(tool, 'installed'),
    ])
  )
}

/** What is wrong with a file that is to be copied onto the disc; null: nothing. */
function unfitInstaller({ facts, choices: { definition } }: Situation): Finding | null {
  const chosen = definition.answers === null ? [] : chosenInstallers(definition.answers)
  const [unfit] = chosen.flatMap(({ path }) => {
    const found = facts.images[path]
    if (found === undefined || found === null)
      return [{ path, why: `${path} is not there, or the VM’s user may not look into its directory` }]
    if (isUnknown(found)) return [{ path, why: found.unknown }]
    return found.windowsProgram === true ? [] : [{ path, why: `${path} is no program of Windows` }]
  })
  if (unfit === undefined) return null
  return fail(
    CODE,
    `${unfit.why}.`,
    [citeFile(unfit.path, null)],
    manualFix('Choose the installer itself, or empty the field.'),
  )
}

function doubt({ facts, choices: { definition: choice } }: Situation): Finding | null {
  if (choice.profile === 'windows-11' && !decideTpm(facts, choice).value)
    return warn(
      CODE,
      'Setup of Windows 11 stops at a VM without a TPM, also where it is answered.',
      [citeChoice('no TPM')],
      manualFix('Tick the TPM below. IoT Enterprise LTSC does without.'),
    )
  if (choice.driverIso === null && choice.answers?.software !== 'none')
    return warn(
      CODE,
      'What is installed at the first logon lies on the driver disc, and none is chosen.',
      [citeChoice('no virtio-win disc')],
      manualFix('Choose the virtio-win ISO as driver disc, or nothing more to install.'),
    )
  return null
}
