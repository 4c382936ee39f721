import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { paperScript } from '#core/definition/qemu/paper-script.ts'
import { startScript } from '#core/definition/qemu/script.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Command } from './arguments.ts'

/** Prints the VM's start script. */
export function script(studio: Studio, command: Command): number {
  const { facts: known } = studio.current
  const definition = studio.definition()
  if (definition === null || known === null || known.qemu === null || isUnknown(known.qemu)) {
    throw new ProblemError('no-definition', 'There is no VM to write a script for.', {
      hint: 'A card has to be chosen (step 4) and QEMU installed.',
    })
  }
  stdout.write(command.paper ? paperScript(definition) : startScript(definition, known.qemu))
  return 0
}
