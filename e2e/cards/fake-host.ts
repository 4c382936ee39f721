import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, readFile, readlink, realpath, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { execa } from 'execa'
import { cardsScript } from '#core/texts/cards/cards-script.ts'
import type { AtStart } from '#shared/vm/options/at-start.ts'

const PORT = '/sys/devices/pci0000:00/0000:00:01.0'
export const GPU = '0000:01:00.0'
export const SOUND = '0000:01:00.1'

/** Root's note of what is taken for the VM. */
export const NOTE = '/run/passthrough-studio/taken/designer'
/** What is there besides once the script ran: its own empty directories. */
export const OWN = Object.fromEntries(
  ['/run', '/run/passthrough-studio', '/run/passthrough-studio/taken'].map((path) => [path, 'directory']),
)

/** Shells that a host may have as /bin/sh, of those installed here. */
export const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(([program = '']) =>
  ['/bin', '/usr/bin'].some((directory) => existsSync(`${directory}/${program}`)),
)

/** What the script under test takes: a card of two functions behind a root port, its login screen stopped. */
const AT_START: AtStart = {
  functions: [
    { address: SOUND, vendorId: '8086', deviceId: '2668', way: '0000:00:01.0/00.1' },
    { address: GPU, vendorId: '1234', deviceId: '1111', way: '0000:00:01.0/00.0' },
  ],
  stop: ['display-manager.service', 'nvidia-persistenced.service'],
  minutes: null,
}

/** Programs that stand for the host's own; each tells `tick` before and after it does something. */
const PROGRAMS: Readonly<Record<string, string>> = {
  // Counts what is done; at the one that is asked for, everything of the script is killed.
  tick: `n=$(($(cat "$ROOT/ticks") + 1)); echo $n > "$ROOT/ticks"; [ "$n" != "\${KILL_AT-0}" ] || { kill -9 "-$(cat "$ROOT/group")"; kill -9 0; }`,
  sleep: 'exec /bin/sleep 0.01',
  systemctl: `tick
case $1 in
  is-active) cat "$ROOT/services/$2"; grep -qx active "$ROOT/services/$2" ;;
  stop) echo inactive > "$ROOT/services/$2"; rm -rf $ROOT/proc/912; tick ;;
  start) echo active > "$ROOT/services/$3"; tick ;;
  show) case $3 in
    Job) cat "$ROOT/jobs/$5" 2> /dev/null ;;
    *) [ "$5" != display-manager.service ] && echo "$5" || echo lightdm.service ;;
  esac ;;
  is-system-running) echo running ;;
esac`,
  chown: 'tick; echo "$1" > "$2"; tick',
  // A node is known by the file it is: numbers of devices only root could make.
  stat: '[ "$1" != -L ] || exec /usr/bin/stat -L -c %d:%i "$4"; cat "$3"',
  rm: 'tick; /bin/rm "$@"; tick',
  modprobe: ':',
  udevadm: ':',
}

const FILES: Readonly<Record<string, string>> = {
  [`${PORT}/${GPU}/vendor`]: '0x1234',
  [`${PORT}/${GPU}/device`]: '0x1111',
  [`${PORT}/${GPU}/boot_vga`]: '1',
  [`${PORT}/${GPU}/driver_override`]: '(null)',
  [`${PORT}/${GPU}/native`]: 'bochs-drm',
  [`${PORT}/${GPU}/modalias`]: 'pci:v00001234d00001111',
  [`${PORT}/${GPU}/drm/card0/`]: '',
  [`${PORT}/${GPU}/graphics/fb0/`]: '',
  [`${PORT}/${SOUND}/vendor`]: '0x8086',
  [`${PORT}/${SOUND}/device`]: '0x2668',
  [`${PORT}/${SOUND}/driver_override`]: '(null)',
  [`${PORT}/${SOUND}/native`]: 'snd_hda_intel',
  '/sys/bus/pci/drivers/bochs-drm/': '',
  '/sys/bus/pci/drivers/snd_hda_intel/': '',
  '/sys/bus/pci/drivers/vfio-pci/vfio-mark': '',
  '/sys/bus/platform/devices/': '',
  '/sys/bus/platform/drivers/efi-framebuffer/': '',
  '/sys/devices/platform/efi-framebuffer.0/': '',
  '/proc/self/mountinfo': '24 1 254:1 / / rw - ext4 /dev/vda1 rw',
  '/proc/swaps': 'Filename Type Size Used Priority',
  '/proc/net/route': 'Iface\tDestination\nens3\t00000000',
  '/proc/1/fd/': '',
  '/proc/912/fd/': '',
  '/proc/912/comm': 'Xorg',
  '/proc/912/cgroup': '0::/system.slice/lightdm.service',
  '/proc/912/maps': '',
  '/dev/dri/card0': '',
  '/dev/vfio/vfio': '0',
  '/services/display-manager.service': 'active',
  '/services/nvidia-persistenced.service': 'inactive',
  '/ticks': '0',
}

const LINKS: Readonly<Record<string, string>> = {
  [`/sys/bus/pci/devices/${GPU}`]: `../../../devices/pci0000:00/0000:00:01.0/${GPU}`,
  [`/sys/bus/pci/devices/${SOUND}`]: `../../../devices/pci0000:00/0000:00:01.0/${SOUND}`,
  [`${PORT}/${GPU}/driver`]: '../../../../bus/pci/drivers/bochs-drm',
  [`${PORT}/${SOUND}/driver`]: '../../../../bus/pci/drivers/snd_hda_intel',
  [`${PORT}/${GPU}/iommu_group`]: '../../../../kernel/iommu_groups/6',
  [`${PORT}/${SOUND}/iommu_group`]: '../../../../kernel/iommu_groups/6',
  [`/sys/kernel/iommu_groups/6/devices/${GPU}`]: `../../../../devices/pci0000:00/0000:00:01.0/${GPU}`,
  [`/sys/kernel/iommu_groups/6/devices/${SOUND}`]: `../../../../devices/pci0000:00/0000:00:01.0/${SOUND}`,
  '/sys/bus/platform/devices/efi-framebuffer.0': '../../../devices/platform/efi-framebuffer.0',
  '/sys/bus/platform/drivers/efi-framebuffer/efi-framebuffer.0': '../../devices/efi-framebuffer.0',
}

/** Not part of what the script has to bring back. */
const NOT_COMPARED = [
  '/ticks',
  '/group',
  '/said',
  '/bin',
  '/cards.sh',
  '/run/passthrough-studio/taken.lock',
  '/proc/912',
]

export interface Ran {
  exitCode: number | null
  said: string
}

/** A host below a directory: files, a model of its kernel, and the script, which takes that directory for `/`. */
export class FakeHost {
  readonly root: string
  private readonly shell: readonly string[]

  private constructor(root: string, shell: readonly string[]) {
    this.root = root
    this.shell = shell
  }

  static async make(directory: string, shell: readonly string[]): Promise<FakeHost> {
    const host = new FakeHost(await realpath(directory), shell)
    for (const [path, text] of Object.entries(FILES)) await host.put(path, text)
    for (const [path, target] of Object.entries(LINKS)) await host.link(path, target)
    await host.link('/proc/912/fd/3', join(host.root, '/dev/dri/card0'))
    for (const [name, text] of Object.entries(PROGRAMS)) await host.program(name, `#!/bin/sh\n${text}\n`)
    await host.program('tee', await readFile(join(import.meta.dirname, 'kernel.sh'), 'utf8'))
    const user = { name: 'designer', uid: 1000, gid: 1000 }
    await host.put('/cards.sh', host.moved(cardsScript({ name: 'designer', user }, AT_START)))
    return host
  }

  /** The script with this directory before each of its paths, its own programs first, and a tick around each note. */
  private moved(script: string): string {
    return script
      .replaceAll(/(?<![\w.*])\/(?:sys|proc|dev(?!\/null)|run)\//gu, (path) => `${this.root}${path}`)
      .replace('PATH=', `PATH=${this.root}/bin:`)
      .replace(/^noted\(\) \{(.*)\}$/mu, 'noted() { tick;$1 tick; }')
  }

  async put(path: string, text: string): Promise<void> {
    const at = join(this.root, path)
    await mkdir(path.endsWith('/') ? at : dirname(at), { recursive: true })
    if (!path.endsWith('/')) await writeFile(at, text === '' ? '' : `${text}\n`)
  }

  async link(path: string, target: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true })
    await symlink(target, join(this.root, path))
  }

  private async program(name: string, text: string): Promise<void> {
    await this.put(`/bin/${name}`, text)
    await chmod(join(this.root, 'bin', name), 0o755)
  }

  text(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8')
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  async driverOf(address: string): Promise<string> {
    const link = await readlink(join(this.root, PORT, address, 'driver')).catch(() => '-')
    return link.split('/').at(-1) ?? '-'
  }

  /** Runs the script in a process group of its own; `KILL_AT` kills all of it at that tick, as systemd would. */
  async run(verb: 'take' | 'end' | 'give-back', more: Readonly<Record<string, string>> = {}): Promise<Ran> {
    await this.put('/ticks', '0')
    // What it says goes to a file: a write that hangs would keep a pipe.
    const begin = 'echo $$ > "$ROOT/group"; exec "$@" 2> "$ROOT/said"'
    const words = ['-c', begin, 'sh', ...this.shell, join(this.root, 'cards.sh'), verb]
    const { exitCode } = await execa('sh', words, {
      env: { ROOT: this.root, PATH: `${this.root}/bin:${env['PATH'] ?? ''}`, ...more },
      detached: true,
      reject: false,
      stdio: 'ignore',
    })
    return { exitCode: exitCode ?? null, said: (await this.text('/said')).replaceAll(this.root, '') }
  }

  async ticks(): Promise<number> {
    return Number(await this.text('/ticks'))
  }

  /** Everything that has to be as before: files with what they hold, links with where they lead. */
  async state(at = ''): Promise<Record<string, string>> {
    const found: Record<string, string> = {}
    for (const name of await readdir(join(this.root, at))) {
      const path = `${at}/${name}`
      if (NOT_COMPARED.includes(path)) continue
      const info = await lstat(join(this.root, path))
      if (info.isSymbolicLink()) found[path] = `-> ${await readlink(join(this.root, path))}`
      else if (info.isDirectory()) Object.assign(found, { [path]: 'directory' }, await this.state(path))
      else found[path] = await this.text(path)
    }
    return found
  }
}
