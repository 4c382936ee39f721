import { OWN_FILES, SWTPM_PROFILE } from '#shared/base/own-files.ts'
import type { System } from '#shared/base/system.ts'

/** There where the kernel confines programs by AppArmor now. */
const APPARMOR = '/sys/kernel/security/apparmor'

/**
 * Has the kernel read the profile again that a file is a part of (apparmor_parser(8)); programs that run are confined by
 * it at once. Where AppArmor is off nothing is to be done. `undone`: our rules are gone, and what is left is not ours.
 */
export async function reloadProfile(system: System, path: string, undone: boolean): Promise<void> {
  if (path !== OWN_FILES.swtpmRules || (await system.list(APPARMOR)).kind !== 'names') return
  await system.run('apparmor_parser', ['--replace', SWTPM_PROFILE], {
    expect: undone ? 'any' : [0],
    hint: `Correct what it names in ${SWTPM_PROFILE} and the files it includes, then try again.`,
  })
}
