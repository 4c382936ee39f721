import { readFile, writeFile } from 'node:fs/promises'
import { exit } from 'node:process'
import { execa } from 'execa'
import { differences, driverOf, groupCount, hostState, note } from './evidence.ts'

export const CLI = '/mnt/project/dist/cli.js'
const BEFORE = '/var/lib/lab/before.json'
const FUNCTIONS = ['0000:01:00.0', '0000:01:00.1']
/** Tells lab-job that a reboot is under way. */
const GOES_ON = 75

/** Runs one verb as root and notes how it went and how long it took. */
export async function studio(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const result = await execa('node', [CLI, ...args], { reject: false })
  const { exitCode = -1, stdout, stderr, durationMs } = result
  await note(args.join(' '), { exitCode, stdout, stderr, seconds: durationMs / 1000 })
  return { exitCode, stdout, stderr }
}

/** Notes who holds the card, and how the kernel was started. */
export async function drivers(what: string): Promise<void> {
  await note(what, {
    drivers: await Promise.all(FUNCTIONS.map(driverOf)),
    groups: await groupCount(),
    cmdline: (await readFile('/proc/cmdline', 'utf8')).trim(),
  })
}

/** Keeps the untouched machine's state for `compare`, across reboots. */
export async function remember(): Promise<void> {
  await writeFile(BEFORE, JSON.stringify(await hostState()))
}

export async function compare(what: string): Promise<void> {
  const before = JSON.parse(await readFile(BEFORE, 'utf8')) as Record<string, string>
  await note(what, differences(before, await hostState()))
}

export async function reboot(): Promise<never> {
  await execa('systemctl', ['reboot'])
  exit(GOES_ON)
}
