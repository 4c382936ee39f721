import type { ToolResult } from '#shared/base/system.ts'
import { BOOT } from './boot.ts'
import { COMMANDS } from './commands.ts'
import { DRIVERS } from './drivers.ts'
import { NETWORK } from './network.ts'
import { NETWORK_TABLES } from './network-tables.ts'
import { isWhollyOurs, OWN } from './own.ts'
import { DEVICE_NODE, DIRECTORIES, LINKS, OPENED } from './places.ts'
import { PROC } from './proc.ts'
import { type Context, type Keep, wordByWord } from './rule.ts'
import { SYSFS } from './sysfs.ts'
import { SYSTEM } from './system.ts'

/** What stands for something no rule is made for. */
export const LEFT_OUT = 'left out: no rule'

const FILES = [...SYSFS, ...PROC, ...NETWORK_TABLES, ...BOOT, ...DRIVERS, ...NETWORK, ...SYSTEM, ...OWN]

/** Returns the rule for a file; null: there is none, so nothing of it may be shown. */
export function ruleFor(path: string): Keep | null {
  if (isWhollyOurs(path))
    return path.startsWith('/etc/grub.d/') || path.startsWith('/etc/default/') ? bootRule(path) : wordByWord
  return FILES.find(({ paths }) => paths.test(path))?.keep ?? null
}

function bootRule(path: string): Keep {
  return BOOT.find(({ paths }) => paths.test(path))?.keep ?? wordByWord
}

/** Names in a directory, of those that are read. Null: no rule is made for it. */
export function namesOf(path: string, names: readonly string[]): string[] | null {
  const rule = DIRECTORIES.find(({ paths }) => paths.test(path))
  return rule === undefined ? null : names.filter((name) => rule.names.test(name))
}

/** Returns whether the target of a link may be shown: `gone` leaves no trace of it. */
export function linkOf(path: string, target: string): 'shown' | 'gone' | 'left out' {
  if (OPENED.test(path)) return DEVICE_NODE.test(target) ? 'shown' : 'gone'
  return LINKS.test(path) ? 'shown' : 'left out'
}

/** Returns a command's result with what is read of its output. What it said of errors is not read. */
export function resultOf(command: string, result: ToolResult, context: Omit<Context, 'path'>): ToolResult | null {
  const rule = COMMANDS.find((candidate) => candidate.command.test(command))
  if (rule === undefined) return null
  return { exitCode: result.exitCode, stdout: rule.keep(result.stdout, { ...context, path: command }), stderr: '' }
}
