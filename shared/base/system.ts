import type { FileStamp } from './file-stamp.ts'

/** What a read of one path gave. `denied` is not `absent`. */
export type ReadResult = { kind: 'text'; text: string } | { kind: 'absent' } | { kind: 'denied'; why: string }

export type ListResult = { kind: 'names'; names: string[] } | { kind: 'absent' } | { kind: 'denied'; why: string }

export type LinkResult = { kind: 'target'; target: string } | { kind: 'absent' } | { kind: 'denied'; why: string }

/** `in-use`: mounted somewhere, swap, or part of something the kernel has built. */
export type ExclusiveUse = { kind: 'free' } | { kind: 'in-use' } | { kind: 'denied'; why: string }

/** What a program that has ended as expected gave. */
export interface ToolResult {
  exitCode: number
  stdout: string
  stderr: string
}

/** How a tool is run, and which of its ends are normal. */
export interface ToolRun {
  /** Exit codes that are an answer; by default 0 alone. `any`: what it did is seen on the host, not by its code. */
  expect?: readonly number[] | 'any'
  /** Is told each line of both outputs as it comes. */
  onLine?: (line: string) => void
  /** When it is ended, in milliseconds; by default what the host gives every tool. */
  limitMs?: number
  /** What to do next when it fails; by default, to read what it said. */
  hint?: string
  /** What it reads from its standard input. */
  input?: string
  /** Variables of its environment beside the usual few. */
  environment?: Readonly<Record<string, string>>
  /** As which user, for whom root drops everything first; by default as whoever asks. */
  as?: Readonly<{ uid: number; gid: number }>
}

/** Programs that may be run, by base name. Nothing else is ever executed. */
export const TOOLS = [
  'lspci',
  'qemu-system-x86_64',
  'qemu-kvm',
  'qemu-img',
  'xorriso',
  'genisoimage',
  'mkisofs',
  'swtpm',
  'apparmor_parser',
  'restorecon',
  'chcon',
  'virt-fw-vars',
  'modprobe',
  'update-grub',
  'grub-mkconfig',
  'grub2-mkconfig',
  'grubby',
  'kernel-install',
  'kernelstub',
  'proxmox-boot-tool',
  'rpm-ostree',
  'sdbootutil',
  'update-initramfs',
  'dracut',
  'mkinitcpio',
  'lsinitramfs',
  'lsinitrd',
  'lsinitcpio',
  'systemctl',
  'ldd',
  'prlimit',
  'sh',
  'setpriv',
  'sync',
  'taskset',
  'tee',
  'cat',
  'od',
  'test',
  'stat',
  'lsattr',
  'virtiofsd',
  'pkexec',
  'busctl',
  'udevadm',
  'ip',
  'nmcli',
  'networkctl',
  'ifup',
  'ifdown',
  'systemd-run',
  'systemd-inhibit',
  'journalctl',
  'dmesg',
  'flock',
] as const
export type Tool = (typeof TOOLS)[number]

/** The reads that the real machine, a recording and the helper all offer. Paths are absolute. */
export interface Reader {
  /** Of a unified kernel image the text is what it says of itself (`unifiedImage`), and not its kernel. */
  read(path: string): Promise<ReadResult>
  list(path: string): Promise<ListResult>
  link(path: string): Promise<LinkResult>
  /** User id that owns a path; null when it is not there or may not be seen. */
  owner(path: string): Promise<number | null>
  /**
   * Whether the kernel itself uses a disk, asked by opening its node exclusively, which needs leave to read it. Not
   * there where no kernel can be asked.
   */
  exclusive?(node: string): Promise<ExclusiveUse>
}

export interface FileState {
  mode: number
  uid: number
  gid: number
  kind: 'file' | 'directory' | 'symlink' | 'device' | 'other'
}

export interface Ownership {
  mode: number
  uid: number
  gid: number
  /** SELinux's (its security context); not given: that of the file that is replaced, else what the policy says. */
  label?: string | undefined
}

/** Everything a change may do to a host. Implemented by the real machine (as root) and by the simulation. */
export interface System extends Reader {
  readonly simulated: boolean
  state(path: string): Promise<FileState | null>
  bytes(path: string): Promise<Uint8Array | null>
  /** SELinux's label of a file; null: it has none, is not there, or this host is without SELinux. */
  label(path: string): Promise<string | null>
  /** Replaces a file so that a crash leaves the old or the new bytes, never a mixture. */
  writeAtomic(path: string, bytes: Uint8Array, owner: Ownership): Promise<void>
  /** Appends a line and waits until it is on the disk. */
  appendDurable(path: string, line: string): Promise<void>
  /** Cuts off what follows the last newline of a file, in place and durably; a file that is not there stays so. */
  cutTornLine(path: string): Promise<void>
  /** Removes a file; like every change of a directory it is on the disk before this returns. */
  remove(path: string): Promise<void>
  /** Gives a file another name on the same filesystem; a crash leaves it under the one or the other. */
  move(from: string, to: string): Promise<void>
  /**
   * Makes a directory; one that is there has to be as it would be made. Throws `refused` when it, or one above it, is
   * not root's alone.
   */
  makeDirectory(path: string, owner: Ownership): Promise<void>
  removeDirectory(path: string): Promise<void>
  setOwner(path: string, owner: Ownership): Promise<void>
  /** Reads an attribute that may hang, in a watchdog child; null: not there. `reboot-needed` when it does not come back. */
  readAttribute(path: string): Promise<string | null>
  /** Writes a kernel attribute in a watchdog child; `reboot-needed` when the write does not come back. */
  writeAttribute(path: string, value: string): Promise<void>
  /** Throws `tool-missing`, or `tool-failed` for an exit code that `how` does not expect. */
  run(tool: Tool, args: readonly string[], how?: ToolRun): Promise<ToolResult>
  freeBytes(path: string): Promise<number>
  /** Null: the file is not there. */
  stamp(path: string): Promise<FileStamp | null>
  /** Differs after every write to a file: its length and the moment of its last write; null: it is not there. */
  fingerprint(path: string): Promise<string | null>
  hash(bytes: Uint8Array): string
}
