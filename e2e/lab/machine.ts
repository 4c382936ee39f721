import { existsSync } from 'node:fs'
import { chmod, copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { execPath, pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { type Flavour, labCache, labImage } from './image.ts'
import { type Emulator, INSTALLED } from './newer-qemu.ts'

const ROOT = join(import.meta.dirname, '../..')
const LIMIT_MS = 70 * 60_000
const LOOK_MS = 5000
/** UEFI firmware without Secure Boot, from Debian's package ovmf. */
const OVMF = '/usr/share/OVMF'

/** The lab's machine: VT-d, and a card with two functions behind a root port of its own. */
const MACHINE = [
  ...[
    '-machine',
    'q35,kernel-irqchip=split,sata=off,smbus=off,vmport=off,hpet=off',
    '-accel',
    'tcg,thread=multi,tb-size=1024',
  ],
  // AVX crashes Chromium's GPU process under emulation; five-level paging only costs time. With virtual GIF an interrupt
  // of the machine's own came in right after a nested guest had left, with that guest's registers: its kernel fell over.
  ...['-cpu', 'max,-avx2,-avx,-xsave,-la57,-vgif', '-nodefaults', '-no-user-config', '-display', 'none'],
  ...['-device', 'intel-iommu,intremap=on,caching-mode=on,device-iotlb=on'],
  ...[
    '-device',
    'pcie-root-port,id=rp1,chassis=1,slot=1',
    '-device',
    'VGA,bus=rp1,addr=00.0,multifunction=on',
    '-device',
    'intel-hda,bus=rp1,addr=00.1',
  ],
  ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0', '-monitor', 'none'],
]

/** Which image is booted, and what is plugged in besides the card. */
export interface LabOptions {
  flavour?: Flavour
  /** Further QEMU arguments, e.g. a network card. */
  devices?: readonly string[]
  /** Starts the image's kernel directly with these arguments, past the boot loader: saves a reboot. */
  kernelArgs?: string
  /**
   * Two where a test needs them; one otherwise. The emulator has a thread for each, and with two a nested guest's start
   * now and then left a machine that had fallen over or stood still (`fellOver`). With one that was not seen.
   */
  processors?: 1 | 2
  /** When a run that does not end is cut off. */
  limitMs?: number
  /** Another QEMU than the one that is installed. */
  emulator?: Emulator
  /** Where to the machine's disk goes when it is to be kept; else it ends with the run. */
  keep?: string
}

/** Also what disk the machine starts from. */
export interface BootOptions extends LabOptions {
  base: { path: string; format: 'raw' | 'qcow2' }
}

export interface LabRun {
  exitCode: number
  log: string
  share: string
}

/** A path of this checkout, or of what it keeps in the cache, as the guest sees it. */
export function inGuest(path: string): string {
  const mounts: readonly [string, string][] = [
    [labCache(), '/mnt/cache'],
    [ROOT, '/mnt/project'],
  ]
  const mount = mounts.find(([outside]) => path.startsWith(`${outside}/`))
  if (mount === undefined) throw new Error(`${path} is not shared with the guest`)
  return join(mount[1], relative(mount[0], path))
}

/**
 * Arguments that make emulation bearable, as in the image's own menu. With a steady tick (nohz, highres) a timer
 * interrupt that the emulator loses is made up for by the next; without, a processor slept for ever.
 */
const QUICK =
  'console=ttyS0 tsc=reliable mitigations=off norandmaps rcupdate.rcu_expedited=1 apparmor=0 audit=0 no_timer_check nohz=off highres=off quiet'

/** A job for a machine that is not to be rebooted: one that reset itself ends the run instead of beginning again. */
export function onlyOnce(job: string): string {
  return `[ "$1" = 1 ] || { echo "the machine has reset itself"; exit 9; }\n${job}`
}

/** Kernel and initramfs out of the image's filesystem, which begins at 1 MiB. */
async function directBoot(image: string, share: string, kernelArgs: string): Promise<string[]> {
  const filesystem = `${image}?offset=1048576`
  const { stdout } = await execa('debugfs', ['-R', 'ls -p /boot', filesystem])
  const names = stdout.split('\n').map((row) => row.split('/')[5] ?? '')
  const take = async (prefix: string): Promise<string> => {
    const name = names.find((candidate) => candidate.startsWith(prefix)) ?? prefix
    const path = join(share, prefix)
    await execa('debugfs', ['-R', `dump /boot/${name} ${path}`, filesystem])
    return path
  }
  const [kernel, initrd] = [await take('vmlinuz-'), await take('initrd.img-')]
  return ['-kernel', kernel, '-initrd', initrd, '-append', `root=/dev/vda1 ro ${QUICK} ${kernelArgs}`]
}

/** multidevs=remap: without it inode numbers of different filesystems collide. */
function exported(tag: string, path: string, readonly: boolean): string[] {
  const mode = readonly ? ',readonly=on' : ''
  return [
    '-fsdev',
    `local,id=${tag},path=${path},security_model=none,multidevs=remap${mode}`,
    '-device',
    `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`,
  ]
}

/** A directory that holds this Node and nothing else, for the guest. Renamed into place: machines start side by side. */
async function nodePrefix(): Promise<string> {
  const bin = join(labCache(), 'lab/node/bin')
  const own = join(bin, `node-${pid}`)
  await mkdir(bin, { recursive: true })
  await rm(own, { force: true })
  await link(execPath, own).catch(() => copyFile(execPath, own))
  await rename(own, join(bin, 'node'))
  // Two names of one file: rename(2) then does nothing and keeps both.
  await rm(own, { force: true })
  return dirname(bin)
}

/** UEFI with variables of its own for a flavour that boots from an ESP; otherwise the machine's BIOS. */
async function firmware(name: string, flavour: Flavour): Promise<string[]> {
  if (typeof flavour === 'string' || flavour.loader === 'grub-pc') return []
  const variables = join(labCache(), 'lab', `${name}.vars`)
  await copyFile(`${OVMF}/OVMF_VARS_4M.fd`, variables)
  return [
    '-drive',
    `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF}/OVMF_CODE_4M.fd`,
    '-drive',
    `if=pflash,unit=1,format=raw,file=${variables}`,
  ]
}

/**
 * Boots a fresh copy of a disk with a job, and waits until it has powered off. Reboots in between are
 * real ones, through the disk's own boot loader. `share` is the guest's /mnt/share and keeps what it wrote.
 * A run that ended by the emulator's own fault is begun again, once, from nothing.
 */
export async function bootOnce(name: string, job: string, more: BootOptions): Promise<LabRun> {
  const first = await runOnce(name, job, more)
  if (!(await fellOver(first.share))) return first
  console.log(`The kernel of the lab's machine "${name}" fell over in the emulator; the run is begun again.`)
  return runOnce(name, job, more)
}

/** Beside the job, so that the machine can be told from one that stands still. */
const HEARTBEAT = '(while :; do date > /mnt/share/alive; sleep 5; done) > /dev/null 2>&1 &\n'
/** Longer than any reboot of the machine takes. */
const STILL_MS = 300_000

/**
 * QEMU's emulation of SVM at times runs the machine's own kernel with the nested guest's GS base and TSC offset: page
 * faults upon page faults in KVM's thread until its stack is full, or clocks that stand still. Seen under 7.2, 10.0 and
 * 11.1; nothing that runs in the machine does that.
 */
async function fellOver(share: string): Promise<boolean> {
  const said = await readFile(join(share, 'serial.log'), 'utf8').catch(() => '')
  if (said.includes('Kernel panic') && /Comm: CPU \d+\/KVM/u.test(said)) return true
  const beat = await stat(join(share, 'alive')).catch(() => null)
  return beat !== null && Date.now() - beat.mtimeMs > STILL_MS && !existsSync(join(share, 'exit-code'))
}

/** Runs the machine until it is off; ends one that will do nothing more before its time is up. */
async function untilOff(words: readonly string[], share: string, more: LabOptions): Promise<void> {
  const { emulator = INSTALLED, limitMs = LIMIT_MS } = more
  const [program, ...first] = emulator.words
  const machine = execa(program, [...first, ...words], { env: emulator.env, timeout: limitMs, reject: false })
  const ended = machine.then(() => true)
  while (!(await Promise.race([ended, sleep(LOOK_MS, false)]))) {
    if (await fellOver(share)) machine.kill()
  }
}

async function runOnce(name: string, job: string, more: BootOptions): Promise<LabRun> {
  const { flavour = 'workstation', base, keep = null, devices = [], kernelArgs = null, processors = 1 } = more
  const share = join(ROOT, 'e2e/artifacts/lab', name)
  await rm(share, { recursive: true, force: true })
  await mkdir(share, { recursive: true })
  // The guest's unprivileged user writes here too.
  await chmod(share, 0o777)
  await writeFile(join(share, 'job.sh'), HEARTBEAT + job)
  await writeFile(join(share, 'notes.jsonl'), '')
  await chmod(join(share, 'notes.jsonl'), 0o666)
  const disk = join(labCache(), 'lab', `${name}.qcow2`)
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', base.format, '-b', base.path, disk])
  const drive = [
    '-drive',
    `if=none,id=d0,file=${disk},format=qcow2,cache=unsafe,aio=threads`,
    '-device',
    'virtio-blk-pci,drive=d0,bootindex=1',
  ]
  const shares = [
    ...exported('project', ROOT, true),
    ...exported('node', await nodePrefix(), true),
    ...exported('cache', labCache(), true),
    ...exported('share', share, false),
  ]
  const size = ['-smp', String(processors), '-m', typeof flavour === 'string' ? '4096' : '2048']
  const machine = [...MACHINE, ...size, ...(await firmware(name, flavour))]
  const direct = kernelArgs === null ? [] : await directBoot(await labImage(flavour), share, kernelArgs)
  const serial = ['-serial', `file:${join(share, 'serial.log')}`]
  // A processor that gives up resets the machine without a word of its kernel; this says in what state it did.
  const resets = ['-d', 'cpu_reset', '-D', join(share, 'resets.log')]
  const words = [...machine, ...drive, ...devices, ...direct, ...shares, ...serial, ...resets]
  await untilOff(words, share, more)
  if (keep === null) await rm(disk, { force: true })
  else await rename(disk, keep)
  await rm(join(labCache(), 'lab', `${name}.vars`), { force: true })
  const log = await readFile(join(share, 'job.log'), 'utf8').catch(() => 'the job never started')
  const code = await readFile(join(share, 'exit-code'), 'utf8').catch(() => '-1')
  return { exitCode: Number(code), log, share }
}
