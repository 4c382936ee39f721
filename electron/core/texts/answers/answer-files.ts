import type { AnswerDisc } from '#shared/vm/answers/answer-disc.ts'
import { chosenInstallers, installsAtLogon } from '#shared/vm/answers/installers.ts'
import { oobeSystem, specialize } from './after-setup.ts'
import { unattend } from './components.ts'
import { FIRST_LOGON, firstLogonScript, GUARD, guardScript } from './disc-scripts.ts'
import { windowsPe } from './windows-pe.ts'
import { documentOf } from './xml.ts'

/** What stands for the password wherever the text is shown. */
const HIDDEN = '••••••••'

interface DiscFile {
  name: string
  text: string
}

/** Where Setup looks for its answers on every disc (Windows Setup, "implicit answer file search order"). */
const ANSWER_FILE = 'autounattend.xml'

/** Every name that a file of the disc may have. */
export const ANSWER_FILES = [ANSWER_FILE, GUARD, FIRST_LOGON] as const

/** The files of the disc. `secret`: the password as `Password` has it in the answer file. */
export function answerFiles(disc: AnswerDisc, secret: string): DiscFile[] {
  return [
    { name: ANSWER_FILE, text: documentOf(unattend([windowsPe(disc), specialize(disc), oobeSystem(disc, secret)])) },
    { name: GUARD, text: guardScript() },
    ...(installsAtLogon(disc.answers) ? [{ name: FIRST_LOGON, text: firstLogonScript(disc.answers) }] : []),
  ]
}

/** The same as one text to be read before it is made, without the password. */
export function answersShown(disc: AnswerDisc): string {
  const files = answerFiles(disc, HIDDEN).map(({ name, text }) => [name, text.replaceAll('\r\n', '\n')])
  const copies = chosenInstallers(disc.answers).map(({ file, path }) => [file, `A copy of ${path}\n`])
  return [...files, ...copies].map(([name = '', text = '']) => `===== ${name} =====\n${text}`).join('\n')
}
