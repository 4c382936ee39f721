import { type SetupAnswers, setupAnswers } from '../options/answers.ts'
import { computerName } from './names.ts'
import { windowsLanguage, windowsRegion } from './places.ts'
import { timeZoneOf } from './time-zones.ts'

/** How somebody's session is set: a language tag (BCP 47), and an IANA time zone. */
interface Session {
  language: string
  timeZone: string
}

/** The answers that step 8 begins with: as the session of whoever asks is set, and called after the VM. */
export function startingAnswers(vm: string, { language, timeZone }: Session): SetupAnswers {
  const region = nearest(windowsRegion.options, language)
  const name = computerName.safeParse(vm.toUpperCase().slice(0, 15).replace(/-+$/u, ''))
  return setupAnswers.parse({
    language: nearest(windowsLanguage.options, language),
    region,
    keyboard: region,
    timeZone: timeZoneOf(timeZone) ?? undefined,
    computerName: name.data,
  })
}

/** The tag itself, else the first of the same language; undefined: there is none. */
function nearest<T extends string>(offered: readonly T[], tag: string): T | undefined {
  const [language = ''] = tag.split('-')
  return offered.find((one) => one === tag) ?? offered.find((one) => one.startsWith(`${language}-`))
}
