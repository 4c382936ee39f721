import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** Downloads and images that any checkout may share (XDG base directory specification). */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'passthrough-studio')
