import { formatKernelArgs, missingArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { parseLoaderEntry } from '#shared/facts/loader-entry.ts'
import { type Disk, existing, initramfsInputs } from './disk.ts'

/** A staged deployment becomes a boot entry at the next shutdown (ostree-finalize-staged.service). */
const STAGED = '/ostree/simulated-staged'
const ENTRIES = '/boot/loader/entries'
const IMAGE = '/boot/ostree/simulated/initramfs.img'

interface Deployment {
  kargs: string
  initramfs: boolean
}

function newest(disk: Disk): { path: string; text: string } {
  const path = existing(disk, /^\/boot\/loader\/entries\/ostree-.*\.conf$/u).at(-1) ?? ''
  return { path, text: disk.read(path) ?? '' }
}

/** What boots next: the staged deployment, else the newest entry. */
function next(disk: Disk): Deployment {
  const staged = disk.read(STAGED)
  if (staged !== null) return JSON.parse(staged) as Deployment
  const { path, text } = newest(disk)
  return { kargs: parseLoaderEntry(path, text).options, initramfs: disk.read(IMAGE) !== null }
}

/** `rpm-ostree kargs` and `status --json`, which only read; null for what changes something. */
export function ostreeAnswer(disk: Disk, args: readonly string[]): string | null {
  const { kargs, initramfs } = next(disk)
  if (args.join(' ') === 'kargs') return `${kargs}\n`
  return args[0] === 'status' ? JSON.stringify({ deployments: [{ 'regenerate-initramfs': initramfs }] }) : null
}

export function rpmOstree(disk: Disk, args: readonly string[]): void {
  const before = next(disk)
  const tokens = parseKernelArgs(before.kargs)
  const words = (option: string) => args.filter((arg) => arg.startsWith(option)).map((arg) => arg.slice(option.length))
  const gone = words('--delete-if-present=')
  const kept = tokens.filter((token) => !gone.includes(token))
  const kargs = formatKernelArgs([...kept, ...missingArgs(kept, words('--append-if-missing='))])
  const initramfs = args.includes('--enable') || (before.initramfs && !args.includes('--disable'))
  disk.write(STAGED, JSON.stringify({ kargs, initramfs }))
}

/** Shutdown: the staged deployment gets the entry that boots by default; the one of before stays below it. */
export function finishStaged(disk: Disk): void {
  if (disk.read(STAGED) === null) return
  const { kargs, initramfs } = next(disk)
  const { path, text } = newest(disk)
  const number = Number(/ostree-(\d+)/u.exec(path)?.[1] ?? '1') + 1
  disk.write(
    `${ENTRIES}/ostree-${number}.conf`,
    text.replace(/^options.*$/mu, `options ${kargs}`).replace(/^version.*$/mu, `version ${number}`),
  )
  if (initramfs) disk.write(IMAGE, initramfsInputs(disk))
  else if (disk.read(IMAGE) !== null) disk.remove(IMAGE)
  disk.remove(STAGED)
}
