const LITERAL = /"(?:[^"\\]|\\.)*"/gu

/** Changes every string of a JSON text as what it stands for; all other bytes stay. Null: the text is no JSON. */
export function inJsonStrings(text: string, change: (value: string) => string): string | null {
  if (!isJson(text)) return null
  return text.replaceAll(LITERAL, (literal) => {
    const value = JSON.parse(literal) as string
    const changed = change(value)
    return changed === value ? literal : JSON.stringify(changed)
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
