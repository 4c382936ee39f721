import { type AnswerDisc, imageOf } from '#shared/vm/answers/answer-disc.ts'
import { windowsOf } from '#shared/vm/answers/editions.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { Choice, Topic } from '../topic.ts'
import { answersBlocked } from './blocked.ts'
import { DRIVE_WITH_ANSWERS, hasAnswers } from './only-once.ts'

export const answers: Topic<'answers'> = {
  define: (context) => {
    const { definition: choice } = context.choices
    return {
      answers: answersOffered(choice) && answersBlocked(context) === null ? (choice.answers ?? undefined) : undefined,
    }
  },
  view: (context) => {
    const { definition: choice } = context.choices
    const windows = windowsOf(choice.profile) ?? 11
    return {
      answers: {
        offered: answersOffered(choice),
        blocked: answersBlocked(context),
        image: imageOf({ answers: choice.answers ?? setupAnswers.parse({}), windows }),
      },
    }
  },
  choicesOf: ({ answers: given = null }) => ({ answers: given }),
  argv: { boot: ({ definition, paths }) => answerArguments(definition, paths.answers) },
}

/** Whether the VM is one of Windows that is installed from a disc. */
export function answersOffered({ profile, installIso }: Choice): boolean {
  return windowsOf(profile) !== null && installIso !== null
}

/** What the disc of a VM is made of; null: it has none. */
export function answerDiscOf({ answers: given, profile, firmware, driverIso }: VmDefinition): AnswerDisc | null {
  const windows = windowsOf(profile)
  if (given === undefined || windows === null) return null
  return { answers: given, windows, layout: firmware === null ? 'bios' : 'uefi', drivers: driverIso !== null }
}

function answerArguments(definition: VmDefinition, path: string): ArgumentGroup[] {
  if (!hasAnswers(definition)) return []
  return [
    {
      reason: 'The disc that answers Windows’ Setup. It holds the account’s password.',
      args: [
        '-blockdev',
        `driver=raw,node-name=answers,read-only=on,file.driver=file,file.filename=${optionValue(path)}`,
        ...['-device', DRIVE_WITH_ANSWERS],
      ],
    },
  ]
}
