/** A file as this program writes it: root's, with this mode. */
export interface OwnText {
  path: string
  text: string
  mode: 0o600 | 0o644 | 0o755
}

/** A file that is read. */
export function plain(path: string, text: string): OwnText {
  return { path, text, mode: 0o644 }
}

/** A file that is run. */
export function program(path: string, text: string): OwnText {
  return { path, text, mode: 0o755 }
}
