import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import { execa } from 'execa'
import { hostAptSettings } from './host-apt.ts'

/** Not below /tmp: where that is a memory disk it is small, and mounted without device files and setuid programs. */
const ROOTS = '/var/tmp/studio-root-'
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' }

/** A user of the root, as chroot(1) takes one. */
const ROOT_USER = '0:0'

/**
 * Run as the first process of a namespace of processes, with mounts of its own: shared memory for Chromium, and the
 * display of this run. Both end with it.
 */
const ENTER = `
root=$1 user=$2; shift 2
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" || exit 125
if [ -d /tmp/.X11-unix ]; then
  mkdir -p "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix" || exit 125
fi
chroot --userspec="$user" "$root" "$@"
exit $?`

export interface Ran {
  exitCode: number
  stdout: string
  stderr: string
}

interface Call {
  user?: string
  env?: Record<string, string>
  input?: string
}

/** A small Debian in a directory, with nothing in it but what is asked for. */
export class LinuxRoot {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Lets `use` work with a new one, and removes it. `include`: packages beside those of the variant. */
  static async with(
    suite: string,
    variant: 'minbase' | 'essential',
    include: readonly string[],
    use: (root: LinuxRoot) => Promise<void>,
  ): Promise<void> {
    if (getuid?.() !== 0) throw new Error('Only root can make a root of its own. Run this as root.')
    const path = await mkdtemp(ROOTS)
    try {
      await chmod(path, 0o755)
      const more = [...(await hostAptSettings()), ...include.map((name) => `--include=${name}`)]
      // What is mounted below while it is made ends with the namespace, also when it is killed.
      await execa('unshare', ['--mount', 'mmdebstrap', '--mode=root', `--variant=${variant}`, ...more, suite, path])
      await use(new LinuxRoot(path))
    } finally {
      await execa('rm', ['--recursive', '--force', '--one-file-system', path])
    }
  }

  at(path: string): string {
    return join(this.path, path)
  }

  has(path: string): boolean {
    return existsSync(this.at(path))
  }

  /** Runs a program in it, as root unless told otherwise, and waits until it has ended. */
  async run(words: readonly string[], { user = ROOT_USER, env: more = {}, input = '' }: Call = {}): Promise<Ran> {
    const options = { env: { ...ENVIRONMENT, ...proxies(), ...more }, extendEnv: false, reject: false, input } as const
    const { exitCode = -1, stdout, stderr } = await execa('unshare', this.entering(user, words), options)
    return { exitCode, stdout, stderr }
  }

  /** Starts a program in it. Its first process ends with the one that is returned. */
  start(words: readonly string[], user: string, more: Record<string, string>): ChildProcess {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    return spawn('unshare', this.entering(user, words), { env: { ...ENVIRONMENT, ...more }, stdio })
  }

  private entering(user: string, words: readonly string[]): string[] {
    const apart = ['--mount', '--pid', '--fork', '--kill-child', `--mount-proc=${this.at('proc')}`]
    return [...apart, 'sh', '-c', ENTER, 'sh', this.path, user, ...words]
  }
}

/** How this host reaches a package archive, where its environment says so. */
function proxies(): Record<string, string> {
  const found = Object.entries(env).filter(([name]) => /^(https?|no)_proxy$/iu.test(name))
  return Object.fromEntries(found.map(([name, value]) => [name, value ?? '']))
}
