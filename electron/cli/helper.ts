import { stdout } from 'node:process'
import type { HelperPlan } from '../../shared/window/helper-view.ts'
import { aboutThis } from '../app/privilege/about.ts'
import { installHelper, removeHelper } from '../app/privilege/checkout-helper.ts'
import { RealPrivilege } from '../app/privilege/privilege.ts'
import { readProgram } from '../app/privilege/program.ts'
import { readJournal } from '../app/journal-reader.ts'
import { ProblemError } from '../../shared/problem.ts'
import { RealHost } from '../host/real.ts'
import type { Command } from './arguments.ts'

/** Tells which helper makes changes, installs a checkout's, or takes it out; 1 when nothing can be changed. */
export async function helper(directory: string, { helper: verb, json }: Command): Promise<number> {
  const program = await readProgram(directory)
  const privilege = new RealPrivilege(program)
  await privilege.renew()
  const about = await aboutThis(program, privilege, await readJournal(new RealHost()))
  if (verb === 'install') {
    if (about.plan === null) throw byPackage('install')
    stdout.write(planText(about.plan))
    await installHelper(program, about.plan)
  } else if (verb === 'remove') {
    if (program.build.origin === 'package') throw byPackage('remove')
    await removeHelper(program)
    stdout.write(removedText(about.inForce))
  }
  await privilege.renew()
  const { access } = privilege
  if (json) stdout.write(`${JSON.stringify({ ...about, text: access.text })}\n`)
  else stdout.write(`${access.text}\n`)
  return access.refusal === null ? 0 : 1
}

function byPackage(verb: string): ProblemError {
  return new ProblemError(
    'usage',
    `This program came in a package, and its helper with it; there is nothing to ${verb}.`,
    {
      hint: 'Use the package manager of this host.',
    },
  )
}

function planText({ files, asks, script }: HelperPlan): string {
  const rows = files.map(
    ({ path, what, mode, bytes, sha256 }) =>
      `  ${path}\n      ${what}; mode ${mode}, ${bytes} bytes, sha256 ${sha256}\n`,
  )
  return `Puts in place, owned by root:\n${rows.join('')}${asks}\nRoot runs this script:\n\n${script.replaceAll(/^/gmu, '    ')}\n`
}

function removedText(inForce: number): string {
  if (inForce === 0) return 'The helper is taken out; nothing of this program is in force.\n'
  const changes = inForce === 1 ? '1 change stays' : `${inForce} changes stay`
  return `The helper is taken out; ${changes} in force. To take everything back: sudo sh /var/lib/passthrough-studio/rescue.sh\n`
}
