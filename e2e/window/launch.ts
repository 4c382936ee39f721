import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import { findRuntime } from '#tools/runtime.mjs'
import { openWindow, type StudioHost } from './frame/open-window.ts'
import type { StudioWindow } from './frame/studio-window.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Where pictures of a run are kept. */
export const ARTIFACTS = join(ROOT, 'e2e/artifacts')

/** Opens the built app with a configuration directory of its own. */
export async function openStudio(host: StudioHost, more: Record<string, string> = {}): Promise<StudioWindow> {
  const { executable } = await findRuntime()
  const config = await mkdtemp(join(tmpdir(), 'studio-test-'))
  const inherited = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  return openWindow({
    executable,
    app: ROOT,
    host,
    asRoot: getuid?.() === 0,
    env: { ...inherited, XDG_CONFIG_HOME: config, ...more },
  })
}
