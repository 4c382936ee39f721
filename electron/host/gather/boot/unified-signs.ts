import type { Host } from '#host/host.ts'
import { beforeRecorded, listOrEmpty } from '#host/probe/listed.ts'
import { readText } from '#host/read.ts'
import { ESP_PLACES, OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { parseUnifiedImage, type UnifiedImage } from '#shared/facts/boot/unified-image.ts'

/** A unified kernel image and what it says of itself. */
export interface UnifiedFile {
  path: string
  image: UnifiedImage
}

/** What tells which tool makes unified kernel images, and of which command line. */
export interface UnifiedSigns {
  ukis: readonly UnifiedFile[]
  /** Images that only root may read. */
  closedUkis: readonly string[]
  /** Texts of mkinitcpio's presets, one behind the other. */
  presets: string
  /** The configuration of kernel-install that counts (kernel-install(8)); null: none. */
  installConf: string | null
  /** Files of dracut's configuration that say something of unified images or of their arguments. */
  dracutConf: readonly { path: string; text: string }[]
  /** Files that mkinitcpio puts the command line together of, where there is no /etc/kernel/cmdline. */
  cmdlineFiles: readonly string[]
}

const NONE: UnifiedSigns = {
  ukis: [],
  closedUkis: [],
  presets: '',
  installConf: null,
  dracutConf: [],
  cmdlineFiles: [],
}
/** The first that is there counts (kernel-install(8), "install.conf"). */
const INSTALL_CONF = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((place) => `${place}/kernel/install.conf`)
const DRACUT_PLACES = ['/usr/lib/dracut/dracut.conf.d', '/etc/dracut.conf.d']
const CMDLINE_PLACE = '/etc/cmdline.d'

/** Gathers unified kernel images, and the settings of what may make them; most hosts have no such image. */
export async function gatherUnifiedSigns(host: Host): Promise<UnifiedSigns> {
  const images = await unifiedImages(host)
  const presets = await presetsOf(host)
  if (images.ukis.length + images.closedUkis.length === 0) return { ...NONE, presets }
  return beforeRecorded(async () => ({ ...images, presets, ...(await settings(host)) }), {
    ...NONE,
    ...images,
    presets,
  })
}

async function unifiedImages(host: Host): Promise<Pick<UnifiedSigns, 'ukis' | 'closedUkis'>> {
  const ukis: UnifiedFile[] = []
  const closedUkis: string[] = []
  for (const place of ESP_PLACES) {
    const names = await listOrEmpty(host, `${place}/EFI/Linux`)
    for (const name of names.filter((file) => file.endsWith('.efi'))) {
      const path = `${place}/EFI/Linux/${name}`
      const text = await readText(host, path)
      const image = typeof text === 'string' ? parseUnifiedImage(text) : null
      if (image !== null) ukis.push({ path, image })
      else if (isUnknown(text) && !text.unknown.includes('ENOEXEC')) closedUkis.push(path)
    }
  }
  return { ukis, closedUkis }
}

async function presetsOf(host: Host): Promise<string> {
  const names = (await listOrEmpty(host, '/etc/mkinitcpio.d')).filter((name) => name.endsWith('.preset'))
  const texts = await Promise.all(names.map((name) => textOrEmpty(host, `/etc/mkinitcpio.d/${name}`)))
  return texts.filter((text) => text !== '').join('\n')
}

async function settings(host: Host): Promise<Pick<UnifiedSigns, 'installConf' | 'dracutConf' | 'cmdlineFiles'>> {
  const install = await Promise.all(INSTALL_CONF.map((path) => textOrEmpty(host, path)))
  const dracut = ['/etc/dracut.conf', ...(await Promise.all(DRACUT_PLACES.map((place) => confIn(host, place)))).flat()]
  const dracutConf = await Promise.all(
    dracut
      .filter((path) => path !== OWN_FILES.dracutCmdline)
      .map(async (path) => ({ path, text: await textOrEmpty(host, path) })),
  )
  return {
    installConf: install.find((text) => text !== '') ?? null,
    dracutConf: dracutConf.filter(({ text }) => /^\s*(?:uefi|kernel_cmdline)\+?=/mu.test(text)),
    cmdlineFiles: await confIn(host, CMDLINE_PLACE),
  }
}

async function confIn(host: Host, place: string): Promise<string[]> {
  return (await listOrEmpty(host, place)).filter((name) => name.endsWith('.conf')).map((name) => `${place}/${name}`)
}

async function textOrEmpty(host: Host, path: string): Promise<string> {
  const text = await readText(host, path)
  return typeof text === 'string' ? text : ''
}
