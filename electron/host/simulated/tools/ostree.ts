import { hash32 } from '#shared/base/hash32.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { parseLoaderEntry } from '#shared/facts/boot/loader-entry.ts'
import { formatKernelArgs, missingArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { type Disk, existing, initramfsInputs } from './disk.ts'

/** A staged deployment becomes a boot entry at the next shutdown (ostree-finalize-staged.service). */
const STAGED = '/ostree/simulated-staged'
/** What the deployment that was booted last says of itself (ostree's origin file). */
const ORIGIN = '/ostree/simulated-origin'
const ENTRIES = '/boot/loader/entries'
const IMAGE = '/boot/ostree/simulated/initramfs.img'

interface Deployment {
  checksum: string
  kargs: string
  /** The initramfs is built on this host, with these arguments of dracut. */
  initramfs: boolean
  args: string[]
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
  const origin = JSON.parse(disk.read(ORIGIN) ?? '{}') as Partial<Deployment>
  const kargs = parseLoaderEntry(path, text).options
  return { checksum: 'as-installed', initramfs: false, args: [], ...origin, kargs }
}

const treeOf = ({ checksum }: Deployment) => `/ostree/deploy/fedora/deploy/${checksum}.0`
const imageOf = (deployment: Deployment) => `${treeOf(deployment)}/usr/lib/modules/simulated/initramfs.img`

/** `rpm-ostree kargs` and `status --json`, which only read; null for what changes something. */
export function ostreeAnswer(disk: Disk, args: readonly string[]): string | null {
  const deployment = next(disk)
  if (args.join(' ') === 'kargs') return `${deployment.kargs}\n`
  if (args[0] !== 'status') return null
  const { checksum, initramfs, args: dracut } = deployment
  const told = { osname: 'fedora', serial: 0, checksum, 'regenerate-initramfs': initramfs, 'initramfs-args': dracut }
  return JSON.stringify({ deployments: [told] })
}

/** Each command makes a deployment of its own; its initramfs is built of the settings of this moment. */
export function rpmOstree(disk: Disk, args: readonly string[]): void {
  const former = next(disk)
  const changed =
    args[0] === 'kargs' ? { ...former, kargs: kargsOf(former, args) } : { ...former, ...switched(former, args) }
  const inputs = changed.initramfs ? initramfsInputs(disk, 'dracut') : ''
  const checksum = hash32(JSON.stringify([changed, inputs])).toString(16)
  const deployment = { ...changed, checksum }
  disk.write(STAGED, JSON.stringify(deployment))
  disk.write(imageOf(deployment), `initramfs ${inputs}`)
}

function kargsOf({ kargs }: Deployment, args: readonly string[]): string {
  const words = (option: string) => args.filter((arg) => arg.startsWith(option)).map((arg) => arg.slice(option.length))
  const gone = words('--delete-if-present=')
  const kept = parseKernelArgs(kargs).filter((token) => !gone.includes(token))
  return formatKernelArgs([...kept, ...missingArgs(kept, words('--append-if-missing='))])
}

/** `rpm-ostree initramfs`, which refuses what is so already and has no arguments, before and now. */
function switched(former: Deployment, args: readonly string[]): Pick<Deployment, 'initramfs' | 'args'> {
  const initramfs = args.includes('--enable')
  const given = args.filter((arg) => arg.startsWith('--arg=')).map((arg) => arg.slice('--arg='.length))
  if (initramfs === former.initramfs && former.args.length === 0 && given.length === 0)
    throw new ProblemError('tool-failed', 'rpm-ostree ended with exit code 1.', {
      detail: `error: initramfs regeneration state is already ${initramfs ? 'enabled' : 'disabled'}`,
      hint: 'The detail is what it said.',
    })
  return { initramfs, args: given }
}

/** Shutdown: the staged deployment gets the entry that boots by default; the one of before stays below it. */
export function finishStaged(disk: Disk): void {
  if (disk.read(STAGED) === null) return
  const deployment = next(disk)
  const { path, text } = newest(disk)
  const number = Number(/ostree-(\d+)/u.exec(path)?.[1] ?? '1') + 1
  disk.write(
    `${ENTRIES}/ostree-${number}.conf`,
    text.replace(/^options.*$/mu, `options ${deployment.kargs}`).replace(/^version.*$/mu, `version ${number}`),
  )
  disk.write(ORIGIN, JSON.stringify({ ...deployment, kargs: undefined }))
  if (deployment.initramfs) disk.write(IMAGE, disk.read(imageOf(deployment)) ?? '')
  else if (disk.read(IMAGE) !== null) disk.remove(IMAGE)
  disk.remove(STAGED)
}
