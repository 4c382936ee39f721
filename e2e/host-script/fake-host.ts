import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { execa } from 'execa'
import { hostScript } from '#core/texts/host-script/host-script.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { GPU, SOUND, VM } from './vm.fixture.ts'

const POOL = '/sys/kernel/mm/hugepages/hugepages-2048kB'
const PORT = '/sys/devices/pci0000:00/0000:00:01.0'
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

/** Programs that stand for the host's own; each tells `tick` before and after it does something. */
const PROGRAMS: Readonly<Record<string, string>> = {
  // Counts what is done; at the one that is asked for, everything of the script is killed.
  tick: `n=$(($(cat "$ROOT/ticks") + 1)); echo $n > "$ROOT/ticks"; [ "$n" != "\${KILL_AT-0}" ] || { kill -9 "-$(cat "$ROOT/group")"; kill -9 0; }`,
  // The kernel takes the entry of a process that is `real` away with it; here it may not be waited for yet.
  sleep: `/bin/sleep 0.01
for entry in "$ROOT"/proc/*/real; do
  [ -e "$entry" ] || continue
  entry=\${entry%/real}
  case $(cat "/proc/\${entry##*/}/stat" 2> /dev/null) in *') Z '* | '') /bin/rm -r "$entry" ;; esac
done`,
  systemctl: `tick
case $1 in
  is-active) cat "$ROOT/services/$2"; grep -qx active "$ROOT/services/$2" ;;
  set-property) tick; echo "\${4#AllowedCPUs=}" > "$ROOT/slices/$3"; tick ;;
  stop) case $2 in *-back-* | *-awake-*) /bin/rm -f "$ROOT/units/\${2%.*}"; exit ;; esac
    echo inactive > "$ROOT/services/$2"; rm -rf $ROOT/proc/912; tick ;;
  start) echo active > "$ROOT/services/$3"; tick ;;
  show) case $3 in
    Job) cat "$ROOT/jobs/$5" 2> /dev/null ;;
    AllowedCPUs) cat "$ROOT/slices/$5" ;;
    *) [ "$5" != display-manager.service ] && echo "$5" || echo lightdm.service ;;
  esac ;;
  is-system-running) echo running ;;
esac`,
  // The text of a node is its owner and mode.
  chown: 'tick; read -r _ mode < "$2"; echo "$1 $mode" > "$2"; tick',
  chmod: 'tick; read -r owner mode < "$2"; [ "$1" = u+rw ] || echo "$owner $1" > "$2"; tick',
  // A node is known by the file it is: numbers of devices only root could make.
  stat: 'case $1 in -L) exec /usr/bin/stat -L -c %d:%i "$4" ;; esac; case $2 in %u) read -r owner _ < "$3"; echo "$owner" ;; *) cat "$3" ;; esac',
  install: 'tick; mkdir -p "$8"',
  rm: 'tick; /bin/rm "$@"; tick',
  modprobe: ':',
  udevadm: 'exit 0',
  // The kernel claims none of the made-up disks.
  perl: 'exit 0',
  ip: `tick; case $1:$2 in
  tuntap:add) mkdir -p "$ROOT/sys/class/net/$4"; case \${10-} in multi_queue) echo 0x5902 ;; *) echo 0x5802 ;; esac > "$ROOT/sys/class/net/$4/tun_flags"; echo "$8" > "$ROOT/sys/class/net/$4/owner" ;;
  link:set) ln -s "../$6" "$ROOT/sys/class/net/$4/master" ;;
  link:delete) /bin/rm -r "$ROOT/sys/class/net/$4" ;;
esac; tick`,
  'systemd-run': 'tick; unit=$(echo "$*" | grep -o "unit=[^ ]*"); : > "$ROOT/units/${unit#unit=}"; tick',
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
  '/proc/1/mountinfo': '24 1 254:1 / / rw - ext4 /dev/vda1 rw',
  '/proc/meminfo': 'MemTotal:       33554432 kB',
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
  '/units/': '',
  ...Object.fromEntries(['init.scope', 'system.slice', 'user.slice'].map((slice) => [`/slices/${slice}`, ''])),
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory',
  '/sys/devices/system/cpu/online': '0-7',
  '/sys/class/net/br0/bridge/': '',
  '/sys/class/net/br1/bridge/': '',
  ...Object.fromEntries(
    [
      ['nr_hugepages', '0'],
      ['nr_overcommit_hugepages', '16'],
      ...['surplus_hugepages', 'free_hugepages', 'resv_hugepages'].map((name) => [name, '0'] as const),
    ].map(([name = '', value = '']) => [`${POOL}/${name}`, value]),
  ),
  '/run/systemd/system/': '',
  '/var/lib/passthrough-studio/vms/designer/': '',
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
  '/host.sh',
  '/run/passthrough-studio/taken.lock',
  '/run/passthrough-studio/said',
  '/run/passthrough-studio/said/designer',
  '/run/passthrough-studio/vms',
  '/run/passthrough-studio/vms/designer',
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

  static async make(directory: string, shell: readonly string[], more: Partial<VmDefinition> = {}): Promise<FakeHost> {
    const host = new FakeHost(await realpath(directory), shell)
    for (const [path, text] of Object.entries(FILES)) await host.put(path, text)
    for (const [path, target] of Object.entries(LINKS)) await host.link(path, target)
    await host.link('/proc/912/fd/3', join(host.root, '/dev/dri/card0'))
    for (const [name, text] of Object.entries(PROGRAMS)) await host.program(name, `#!/bin/sh\n${text}\n`)
    await host.program('tee', await readFile(join(import.meta.dirname, 'kernel.sh'), 'utf8'))
    await host.put('/host.sh', host.moved(hostScript({ ...VM, ...more })))
    return host
  }

  /** The script with this directory before each of its paths, its own programs first, and a tick around each note. */
  private moved(script: string): string {
    return (
      script
        .replaceAll(/(?<![\w.*])\/(?:sys|proc|dev(?!\/null)|run|var)\//gu, (path) => `${this.root}${path}`)
        // Nodes are files here.
        .replaceAll(/\[ -[bc] /gu, '[ -e ')
        .replace('PATH=', `PATH=${this.root}/bin:`)
        .replace(/^noted\(\) \{(.*)\}$/mu, 'noted() { tick;$1 tick; }')
    )
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

  /** Another function in the card's IOMMU group. */
  async addMate(address: string, driver: string): Promise<void> {
    const at = `/sys/devices/pci0000:00/0000:00:01.0/${address}`
    await this.put(`/sys/bus/pci/drivers/${driver}/`, '')
    await this.put(`${at}/vendor`, '0x8086')
    await this.link(`/sys/bus/pci/devices/${address}`, `../../../devices/pci0000:00/0000:00:01.0/${address}`)
    await this.link(`${at}/driver`, `../../../../bus/pci/drivers/${driver}`)
    await this.link(`/sys/kernel/iommu_groups/6/devices/${address}`, `../../../..${at.slice(4)}`)
  }

  /** As if the host had bound it so. */
  async driveBy(address: string, driver: string): Promise<void> {
    await rm(join(this.root, PORT, address, 'driver'))
    await this.link(`${PORT}/${address}/driver`, `../../../../bus/pci/drivers/${driver}`)
  }

  /** Runs the script in a process group of its own; `KILL_AT` kills all of it at that tick, as systemd would. */
  async run(verb: 'take' | 'end' | 'give-back', more: Readonly<Record<string, string>> = {}): Promise<Ran> {
    await this.put('/ticks', '0')
    // What it says goes to a file: a write that hangs would keep a pipe.
    const begin = 'echo $$ > "$ROOT/group"; exec "$@" 2> "$ROOT/said"'
    const words = ['-c', begin, 'sh', ...this.shell, join(this.root, 'host.sh'), verb]
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
