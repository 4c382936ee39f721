import { toolText } from '#host/exec/tool-text.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'

/** What programs need to run: their loader, and the libraries that it loads, as it finds them on this host. */
export interface Libraries {
  loader: string
  libraries: string[]
}

/**
 * Asks the loader itself (ldd(1)): `libc.so.6 => /lib/.../libc.so.6 (0x...)`, and the loader by its path alone. Null: ldd
 * is not there, or a program is not one that it understands.
 */
export async function librariesOf(system: System, programs: readonly string[]): Promise<Libraries | null> {
  const said = await toolText(system, 'ldd', programs)
  if (said === null || isUnknown(said)) return null
  const libraries = new Set<string>()
  let loader: string | null = null
  for (const line of said.split('\n')) {
    const library = /^\s+\S+ => (\/\S+) \(/u.exec(line)?.[1]
    if (library !== undefined) libraries.add(library)
    loader = /^\s+(\/\S+) \(/u.exec(line)?.[1] ?? loader
  }
  return loader === null ? null : { loader, libraries: [...libraries] }
}
