import { stdout } from 'node:process'
import { diagnoseHost, diagnoseText } from '#app/diagnosis.ts'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Command } from './arguments.ts'
import { diagnosisJson, diagnosisText, readGiven } from './diagnosis.ts'

/** Explains errors in a text or in the logs of this host; 1 when none is known. */
export async function diagnose(studio: Studio, command: Command): Promise<number> {
  const { facts: known } = studio.current
  if (known === null) throw new ProblemError('internal', 'The host was not looked at.')
  const given = command.file === null ? null : await readGiven(command.file)
  const diagnosis = given === null ? await diagnoseHost(studio) : diagnoseText(given.text, given.source, known)
  stdout.write(command.json ? diagnosisJson(diagnosis) : diagnosisText(diagnosis))
  return diagnosis.groups.length > 0 ? 0 : 1
}
