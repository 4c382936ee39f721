import { z } from 'zod'

/** Languages that Windows is made in, by the name that Setup knows each by. */
const LANGUAGES = {
  'en-US': 'English (United States)',
  'en-GB': 'English (United Kingdom)',
  'cs-CZ': 'Czech',
  'da-DK': 'Danish',
  'de-DE': 'German',
  'es-ES': 'Spanish (Spain)',
  'es-MX': 'Spanish (Mexico)',
  'fi-FI': 'Finnish',
  'fr-FR': 'French (France)',
  'fr-CA': 'French (Canada)',
  'hu-HU': 'Hungarian',
  'it-IT': 'Italian',
  'ja-JP': 'Japanese',
  'ko-KR': 'Korean',
  'nb-NO': 'Norwegian (Bokmål)',
  'nl-NL': 'Dutch',
  'pl-PL': 'Polish',
  'pt-BR': 'Portuguese (Brazil)',
  'pt-PT': 'Portuguese (Portugal)',
  'ru-RU': 'Russian',
  'sv-SE': 'Swedish',
  'tr-TR': 'Turkish',
  'uk-UA': 'Ukrainian',
  'zh-CN': 'Chinese (simplified)',
  'zh-TW': 'Chinese (traditional)',
} as const

/** Countries whose dates, numbers and keyboards differ from those of the language's first country. */
const MORE_REGIONS = {
  'de-AT': 'German (Austria)',
  'de-CH': 'German (Switzerland)',
  'en-AU': 'English (Australia)',
  'en-CA': 'English (Canada)',
  'en-IE': 'English (Ireland)',
  'fr-BE': 'French (Belgium)',
  'fr-CH': 'French (Switzerland)',
  'nl-BE': 'Dutch (Belgium)',
} as const

const REGIONS = { ...LANGUAGES, ...MORE_REGIONS }

/** The language of Windows itself, which has to be on the installation disc. */
export const windowsLanguage = z.enum(keysOf(LANGUAGES))
/** A country with its language: how dates and numbers look, or which keyboard it has by default. */
export const windowsRegion = z.enum(keysOf(REGIONS))

export const LANGUAGE_ROWS = rowsOf(LANGUAGES)
export const REGION_ROWS = rowsOf(REGIONS)

function keysOf<K extends string>(table: Readonly<Record<K, string>>): [K, ...K[]] {
  const [first, ...others] = Object.keys(table).filter((key): key is K => key in table)
  if (first === undefined) throw new Error('the table is empty')
  return [first, ...others]
}

function rowsOf<K extends string>(table: Readonly<Record<K, string>>): { id: K; name: string }[] {
  return keysOf(table)
    .map((id) => ({ id, name: table[id] }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}
