import type { Recording } from '#host/recorded/recording.ts'
import type { Hide } from '../hide.ts'

/** What a rule may ask beside the text itself. */
export interface Context {
  hide: Hide
  recording: Recording
  path: string
}

/** What of a file's text is read by this program, with everything else replaced or gone. */
export type Keep = (text: string, context: Context) => string

/** A kind of file. The first rule that fits a path is used. */
export interface Rule {
  paths: RegExp
  keep: Keep
}

/** Makes a rule that works line by line; null: the line goes. */
export function byLine(keep: (line: string, context: Context) => string | null): Keep {
  return (text, context) => {
    const lines = text.split('\n').map((line) => (line === '' ? '' : keep(line, context)))
    return lines.filter((line) => line !== null).join('\n')
  }
}

/** Makes a rule that keeps only the lines of a form, as they are. */
export function linesLike(form: RegExp): Keep {
  return (text) => {
    const lines = text.split('\n').filter((line) => form.test(line))
    return lines.map((line) => `${line}\n`).join('')
  }
}

/** Makes the rule for a text that is one value: shown when it has the form that is read, else replaced. */
export function valueLike(form: RegExp): Keep {
  return (text, { hide }) => {
    const value = text.trim()
    return value === '' || form.test(value) ? text : `${hide.as('word', value)}\n`
  }
}

/** Word by word. */
export const wordByWord: Keep = (text, { hide }) => hide.words(text)

/** A kernel command line. */
export const kernelArguments: Keep = (text, { hide }) => hide.args(text)

/** That it is there is all that is asked. */
export const onlyThere: Keep = () => ''
