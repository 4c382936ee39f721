/** Parses JSON that something else wrote; null where it is none. Its shape is for a schema to check. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
