import { sharingBlocked } from '#core/definition/devices/folders.ts'
import { isProof } from '#core/definition/machine/profile.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeCommand } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { SharedFolder } from '#shared/vm/options/shared-folders.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, manualFix, pass, warn } from '../step.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'qemu'>

const INSTALL =
  'Install the package virtiofsd (Debian 13, Ubuntu 24.04, Fedora, Arch and newer), or leave the folder out.'

/** Judges whether directories can be shared with the guest here, and each that is. */
export function folderNeeds(about: About): Finding[] {
  const { facts, choices, qemu } = about
  const { sharedFolders } = choices.definition
  if (sharedFolders.length === 0 || isProof(choices.definition)) return []
  const blocked = sharingBlocked(facts, qemu)
  if (blocked === null) return sharedFolders.map((folder) => folderNeed(folder, about))
  const seen = [citeCommand('virtiofsd', blocked)]
  return [fail('definition-shared-folder', `No folder can be shared. ${blocked}`, seen, manualFix(INSTALL))]
}

function folderNeed(folder: SharedFolder, { facts, qemu }: About): Finding {
  const { directory, readOnly } = folder
  const found = facts.images[directory] ?? null
  if (isUnknown(found) || found?.kind !== 'directory') return notThere(folder, isUnknown(found) ? found.unknown : null)
  return readOnly && qemu.sharing?.readOnly !== true ? noReadOnly(folder) : shared(folder, found.writable)
}

const codeOf = ({ tag }: SharedFolder) => ({ code: 'definition-shared-folder', about: tag }) as const

function notThere(folder: SharedFolder, why: string | null): Finding {
  const { directory } = folder
  const text =
    why === null
      ? `${directory} is no directory, or the VM’s user may not look for it.`
      : `${directory} cannot be shared: ${why}.`
  const advice = manualFix('Let the VM’s user into it and every directory above it, or choose another.')
  return fail(codeOf(folder), text, [citeFile(directory, why)], advice)
}

function noReadOnly(folder: SharedFolder): Finding {
  const text = `This virtiofsd cannot keep the guest from writing to ${folder.directory}.`
  const advice = manualFix('Update virtiofsd (1.13 can), or let the VM’s user only read the directory.')
  return fail(codeOf(folder), text, [citeCommand('virtiofsd --help', 'no --readonly')], advice)
}

function shared(folder: SharedFolder, writable: boolean): Finding {
  const { directory, tag, readOnly } = folder
  const seen = [citeFile(directory, writable ? 'writable' : 'not writable')]
  if (readOnly || writable) return pass(codeOf(folder), `The guest has ${directory} as ${tag}.`, seen)
  const text = `The guest can only read ${directory}: the VM’s user may not write to it.`
  return warn(codeOf(folder), text, seen, manualFix('Let that user write to it, or choose “read only”.'))
}
