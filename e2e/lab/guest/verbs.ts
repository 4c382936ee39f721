import { readFile, writeFile } from 'node:fs/promises'
import { exit } from 'node:process'
import { execa } from 'execa'
import { answerWith, program } from './designer.ts'
import { differences, driverOf, groupCount, hostState, note } from './evidence.ts'

const BEFORE = '/var/lib/lab/before.json'
const FUNCTIONS = ['0000:01:00.0', '0000:01:00.1']
/** Tells lab-job that a reboot is under way. */
const GOES_ON = 75

/**
 * Each character a guest draws leaves it once, and what the emulated processor loses of interrupts it loses there: one
 * guest in fifteen hung. The screen is the soak's of the window.
 */
export const DARK = { screen: false }

/** From here on each request to change something is allowed: these scenarios are not about passwords. */
export async function allowAll(): Promise<void> {
  await answerWith('YES')
}

/** Runs one verb of the installed program as the unprivileged user, and notes how it went and how long it took. */
export async function studio(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const result = await program(...args)
  const { exitCode = -1, stdout, stderr, durationMs } = result
  await note(args.join(' '), { exitCode, stdout, stderr, seconds: durationMs / 1000 })
  return { exitCode, stdout, stderr }
}

/** Step 4's choice of one card until the next reboot. */
export function reservedNow(address: string): string {
  return JSON.stringify({ units: [{ address, when: 'now' }] })
}

/** Steps 2, 4, 5 and 8 for this boot, with the proof guest; the IOMMU has to be on. Throws when one does not succeed. */
export async function prepareVm(machine: Readonly<Record<string, unknown>>): Promise<void> {
  await allowAll()
  const verbs = [
    ['apply', 'kernel'],
    ['plan', 'cards', '--choice', reservedNow('0000:01:00.0')],
    ['apply', 'bind', '--confirm', '01:00.0'],
    ['apply', 'definition', '--choice', JSON.stringify(machine)],
  ]
  for (const words of verbs) {
    const { exitCode, stderr } = await studio(...words)
    if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
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
  await note(what, await changedSinceBefore())
}

/**
 * Steps 2 and 3 on a new machine, whose next boot has the IOMMU on. The image's menu was written by hand; the machine's
 * own tool writes it once before anything is compared.
 */
export async function prepareBoot(before: () => Promise<void> = async () => undefined): Promise<never> {
  await execa('update-grub')
  await allowAll()
  await before()
  await studio('apply', 'kernel')
  await note('boot', (await studio('apply', 'boot')).exitCode)
  return reboot()
}

export async function reboot(): Promise<never> {
  await execa('systemctl', ['reboot'])
  exit(GOES_ON)
}

/** Kernel messages that tell who took the card and when the initramfs was done. Time stamps are seconds. */
const TELLING = /bochs|snd_hda_intel|vfio-pci|EXT4-fs \(vda\d\): mounted filesystem/u

/** Who took the card in this boot, whether the host's driver was there to take it, and our early rule's own note. */
export async function earlyBoot(what: string): Promise<void> {
  const { stdout } = await execa('dmesg', [])
  const modules = await readFile('/proc/modules', 'utf8')
  const early = await readFile('/run/passthrough-studio/early-bind', 'utf8').catch(() => null)
  await note(what, {
    messages: stdout.split('\n').filter((line) => TELLING.test(line)),
    competitors: ['bochs', 'snd_hda_intel'].filter((name) => modules.includes(`${name} `)),
    early,
  })
}

/** Files and drivers that differ from the untouched machine's. */
export async function changedSinceBefore(): Promise<string[]> {
  const before = JSON.parse(await readFile(BEFORE, 'utf8')) as Record<string, string>
  return differences(before, await hostState())
}
