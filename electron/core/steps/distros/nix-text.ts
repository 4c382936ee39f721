/** Texts of the Nix language (Nix manual, "String literal"), in which a module is written. */

/** A string in double quotes. */
export function nixString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('${', '\\${')
  return `"${escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`
}

/** Lines, each with its end, in two single quotes and behind `indent`, which Nix takes away again. */
export function nixLines(text: string, indent: string): string {
  // A quote before another, or before a dollar, would begin an escape of its own.
  const escaped = text.replaceAll(/'(?=['$])/gu, "''\\'").replaceAll('${', "''${")
  const lines = escaped.split('\n').map((line) => (line === '' ? '' : `${indent}  ${line}`))
  // The end of the last line stands for the newline that a text has at its end.
  return `''\n${lines.join('\n').replace(/\n$/u, '')}\n${indent}''`
}

/** A list of strings. */
export function nixList(texts: readonly string[]): string {
  return texts.length === 0 ? '[ ]' : `[ ${texts.map(nixString).join(' ')} ]`
}
