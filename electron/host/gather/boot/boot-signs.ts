import { toolText } from '#host/exec/tool-text.ts'
import type { Host } from '#host/host.ts'
import type { EntryFile } from '#host/parse/entry-order.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { readText } from '#host/read.ts'
import { ENTRY_DIRECTORIES, ESP_PLACES, OWN_FILES, PROXMOX_UUIDS } from '#shared/base/own-files.ts'
import type { Tool } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import { gatherUnifiedSigns, type UnifiedSigns } from './unified-signs.ts'

const LOADER_GUID = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'

const BOOT_TOOLS: readonly Tool[] = [
  'update-grub',
  'grub-mkconfig',
  'grub2-mkconfig',
  'grubby',
  'kernel-install',
  'kernelstub',
  'proxmox-boot-tool',
  'rpm-ostree',
  'sdbootutil',
  'mkinitcpio',
]

export interface TextFile {
  path: string
  text: OrUnknown<string | null>
}

/** What lies on the disk and in EFI variables that tells boot loaders apart. Nothing is judged here. */
export interface BootSigns extends UnifiedSigns {
  uefi: boolean
  tools: ReadonlySet<Tool>
  nixos: boolean
  ostree: boolean
  ostreeArgs: string | null
  cmdline: string
  grubDefaults: OrUnknown<string | null>
  /** Text of Debian's or upstream's grub-mkconfig; null: not there or not readable. */
  grubMkconfig: string | null
  grubConfigs: readonly TextFile[]
  grubEnv: string
  /** Where the environment block really lies; RHEL 8 links it to the ESP. */
  grubEnvPath: string
  entries: readonly EntryFile[]
  /** Entry files, their directories and loader.conf, where only root may read them. */
  closed: readonly string[]
  loaderConf: EntryFile | null
  kernelCmdline: OrUnknown<string | null>
  kernelstub: OrUnknown<string | null>
  proxmoxUuids: string | null
  /** EFI variables of the boot loader interface; null: not set, not readable, or no EFI. */
  loaderInfo: string | null
  entryDefault: string | null
  /** The program that the firmware started this time, as a path on its partition (systemd: Boot Loader Interface). */
  imageIdentifier: string | null
}

export async function gatherBootSigns(host: Host): Promise<BootSigns> {
  const exists = async (path: string) => (await host.read(path)).kind !== 'absent'
  const tools = new Set<Tool>()
  for (const tool of BOOT_TOOLS) if (await host.has(tool)) tools.add(tool)
  const ostree = await exists('/run/ostree-booted')
  return {
    uefi: (await host.list('/sys/firmware/efi')).kind !== 'absent',
    tools,
    nixos: (await host.read('/etc/NIXOS')).kind === 'text',
    ostree,
    ostreeArgs: ostree && tools.has('rpm-ostree') ? await ostreeArgs(host) : null,
    cmdline: (await textOrNull(host, '/proc/cmdline'))?.trim() ?? '',
    ...(await grubSigns(host)),
    ...(await entrySigns(host)),
    kernelCmdline: await readText(host, OWN_FILES.kernelCmdline),
    ...(await gatherUnifiedSigns(host)),
    kernelstub: await readText(host, '/etc/kernelstub/configuration'),
    proxmoxUuids: await textOrNull(host, PROXMOX_UUIDS),
    loaderInfo: await efiText(host, 'LoaderInfo'),
    entryDefault: await efiText(host, 'LoaderEntryDefault'),
    imageIdentifier: await beforeRecorded(() => efiText(host, 'LoaderImageIdentifier'), null),
  }
}

async function textOrNull(host: Host, path: string): Promise<string | null> {
  const text = await readText(host, path)
  return isUnknown(text) ? null : text
}

/** `rpm-ostree kargs` prints the arguments of what boots next, also when its deployment is still staged. */
async function ostreeArgs(host: Host): Promise<string | null> {
  const said = await toolText(host, 'rpm-ostree', ['kargs'])
  return said === null || isUnknown(said) ? null : said.trim()
}

async function grubSigns(
  host: Host,
): Promise<Pick<BootSigns, 'grubDefaults' | 'grubMkconfig' | 'grubConfigs' | 'grubEnv' | 'grubEnvPath'>> {
  const link = await host.link('/etc/grub2-efi.cfg')
  const efi = link.kind === 'target' ? [link.target.replace(/^(\.\.)?\//u, '/')] : []
  const env = await host.link('/boot/grub2/grubenv')
  const paths = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg', ...efi]
  return {
    grubDefaults: await readText(host, OWN_FILES.grubDefaults),
    grubMkconfig:
      (await textOrNull(host, '/usr/sbin/grub-mkconfig')) ?? (await textOrNull(host, '/usr/bin/grub-mkconfig')),
    grubConfigs: await Promise.all(paths.map(async (path) => ({ path, text: await readText(host, path) }))),
    grubEnvPath: env.kind === 'target' ? env.target.replace(/^\.\.\//u, '/boot/') : '/boot/grub2/grubenv',
    grubEnv: (await textOrNull(host, '/boot/grub2/grubenv')) ?? (await textOrNull(host, '/boot/grub/grubenv')) ?? '',
  }
}

async function entrySigns(host: Host): Promise<Pick<BootSigns, 'entries' | 'closed' | 'loaderConf'>> {
  const entries: EntryFile[] = []
  const closed: string[] = []
  for (const directory of ENTRY_DIRECTORIES) {
    const listed = await host.list(directory)
    if (listed.kind === 'denied') closed.push(directory)
    for (const name of listed.kind === 'names' ? listed.names.filter((file) => file.endsWith('.conf')) : []) {
      const path = `${directory}/${name}`
      const text = await readText(host, path)
      if (typeof text === 'string') entries.push({ path, text })
      else closed.push(path)
    }
  }
  const { loaderConf, hidden } = await firstLoaderConf(host)
  return { entries, closed: [...closed, ...hidden], loaderConf }
}

async function firstLoaderConf(host: Host): Promise<{ loaderConf: EntryFile | null; hidden: string[] }> {
  const hidden: string[] = []
  for (const place of ESP_PLACES) {
    const path = `${place}/loader/loader.conf`
    const text = await readText(host, path)
    if (typeof text === 'string') return { loaderConf: { path, text }, hidden }
    if (isUnknown(text)) hidden.push(path)
  }
  return { loaderConf: null, hidden }
}

/**
 * Returns the text of an EFI variable: four bytes of attributes, then UTF-16 (systemd: Boot Loader Interface). Only
 * ASCII matters here.
 */
async function efiText(host: Host, name: string): Promise<string | null> {
  const text = await textOrNull(host, `/sys/firmware/efi/efivars/${name}-${LOADER_GUID}`)
  return text === null ? null : text.replaceAll(/[^ -~]/gu, '')
}
