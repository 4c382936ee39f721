import type { SetupAnswers } from '#shared/vm/options/answers.ts'
import { type Element, element } from './xml.ts'

/** Keyboard, formats and language; a country's name stands for the keyboard it has by default. */
export function localeElements({ keyboard, region, language }: SetupAnswers): Element[] {
  return [
    element('InputLocale', keyboard),
    element('SystemLocale', region),
    element('UILanguage', language),
    element('UserLocale', region),
  ]
}
