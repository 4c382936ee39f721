import { stdout } from 'node:process'
import { aboutThis } from '#app/privilege/about.ts'
import { installHelper, removeHelper } from '#app/privilege/checkout-helper.ts'
import { type Program, readProgram } from '#app/privilege/program.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { AboutView, HelperPlan } from '#shared/ipc/helper-view.ts'
import { staysInForce } from '#shared/plan/in-force.ts'
import type { Command } from './arguments.ts'

/** Prints which helper makes changes, installs a checkout's, or removes it; 1 when nothing can be changed. */
export async function helper(directory: string, { helper: verb, json }: Command): Promise<number> {
  const program = await readProgram(directory)
  const say = (text: string) => (json ? undefined : stdout.write(text))
  if (verb === 'install') await install(program, await aboutThis(program), say)
  if (verb === 'remove') await remove(program, await aboutThis(program), say)
  const now = await aboutThis(program)
  stdout.write(json ? `${JSON.stringify(now)}\n` : `${now.privilege.text}\n`)
  return now.privilege.canChange ? 0 : 1
}

type Say = (text: string) => void

async function install(program: Program, { plan, whyNoPlan, privilege }: AboutView, say: Say): Promise<void> {
  if (program.build.origin === 'package') throw byPackage('install')
  if (whyNoPlan !== null) throw ProblemError.from(whyNoPlan)
  if (plan === null) throw new ProblemError('no-helper', privilege.text, { hint: '"helper status" says more.' })
  say(planText(plan))
  await installHelper(program, plan)
}

async function remove(program: Program, { inForce }: AboutView, say: Say): Promise<void> {
  if (program.build.origin === 'package') throw byPackage('remove')
  await removeHelper(program)
  say(`The helper is taken out. ${staysInForce(inForce)}\n`)
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

/** Returns everything that would be put in place, and what root runs for it. */
function planText({ files, asks, script }: HelperPlan): string {
  const rows = files.map(({ path, what, mode, bytes, sha256, from, text }) => {
    const content = text === null ? `      copied from ${from ?? ''}\n` : indented(text)
    return `  ${path}\n      ${what}; mode ${mode}, ${bytes} bytes, sha256 ${sha256}\n${content}`
  })
  return `Puts in place, owned by root:\n${rows.join('')}${asks}\nRoot runs this script:\n\n${indented(script)}\n`
}

function indented(text: string): string {
  return `${text.trimEnd().replaceAll(/^/gmu, '      ')}\n`
}
