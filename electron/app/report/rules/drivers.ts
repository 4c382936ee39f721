import { configLines, lspciModules, movingLines, namesModule } from '#host/parse/config-lines.ts'
import { udevLinesRead } from '#host/probe/udev.ts'
import { OVERRIDE_SCRIPT } from '#shared/facts/driver-scripts.ts'
import type { Context, Rule } from './rule.ts'
import { byLine, linesLike, wordByWord } from './rule.ts'

const MODPROBE = String.raw`/(?:etc|run|usr/local/lib|usr/lib|lib)/modprobe\.d/[^/]+`
const MODULES_LOAD = String.raw`/(?:etc|run|usr/local/lib|usr/lib)/modules-load\.d/[^/]+`
const OTHERS = String.raw`/etc/udev/rules\.d/[^/]+|/etc/modules|/etc/initramfs-tools/modules`

const DRACUT = /^(?:\/etc\/dracut\.conf(?:\.d\/[^/]+)?|\/usr\/lib\/dracut\/dracut\.conf\.d\/[^/]+)$/u

const SCRIPTS = String.raw`/etc/initramfs-tools/scripts/init-(?:top|premount)/.+|/etc/initcpio/hooks/.+|/etc/libvirt/hooks/.+`

/** What decides which driver takes a function, and udev's own notes. */
export const DRIVERS: readonly Rule[] = [
  { paths: new RegExp(`^(?:${MODPROBE}|${MODULES_LOAD}|${OTHERS})$`, 'u'), keep: driverLines },
  { paths: new RegExp(`^(?:${SCRIPTS})$`, 'u'), keep: scriptLines },
  { paths: OVERRIDE_SCRIPT, keep: scriptLines },
  { paths: DRACUT, keep: (text, context) => driverLines(text, context) + unifiedSettings(text, context) },
  {
    paths: /^\/etc\/driverctl\.d\/[^/]+$/u,
    keep: (text, { hide }) =>
      configLines(text)
        .map((line) => `${hide.words(line)}\n`)
        .join(''),
  },
  { paths: /^\/etc\/mkinitcpio\.conf(?:\.d\/[^/]+)?$/u, keep: arrays },
  {
    paths: /^\/run\/udev\/data\/[bc]\d+:\d+$/u,
    keep: (text, context) => byLine(udevLine)(udevLinesRead(text), context),
  },
  { paths: /\/pci\.ids(?:\.gz)?$/u, keep: linesLike(/^\t{0,2}[0-9a-f]{4} /u) },
  { paths: /^\/(?:etc|usr\/share)\/qemu\/firmware\/[^/]+\.json$/u, keep: wordByWord },
]

/** Returns the lines gather/drivers/driver-rules.ts keeps: those about VFIO, a device, or a module of this host. */
function driverLines(text: string, { hide, recording }: Context): string {
  const modules = lspciModules(recording.commands['lspci -D -nnk']?.stdout ?? '')
  const kept = configLines(text).filter((line) => /driver_override/u.test(line) || namesModule(line, modules))
  return kept.map((line) => `${hide.words(line)}\n`).join('')
}

/** Of an administrator's scripts only the lines that move devices are read. */
function scriptLines(text: string, { hide }: Context): string {
  return movingLines(text)
    .map((line) => `${hide.words(line)}\n`)
    .join('')
}

/** That dracut makes unified images, and of which arguments. */
function unifiedSettings(text: string, { hide }: Context): string {
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*uefi=["']?(?:yes|no)\b/u.test(line)) return `${/^\s*uefi=["']?(?:yes|no)["']?/u.exec(line)?.[0] ?? ''}\n`
      const [, head, quote = '', value = ''] = /^(\s*kernel_cmdline\+?=)(["']?)(.*?)["']?\s*$/u.exec(line) ?? []
      return head === undefined ? '' : `${head}${quote}${hide.args(value)}${quote}\n`
    })
    .join('')
}

/** MODULES and HOOKS, also over several lines; files and programs that go into the image are left out. */
function arrays(text: string, { hide }: Context): string {
  let inside = false
  const lines = text.split('\n').filter((line) => {
    const begins = /^\s*(?:MODULES|HOOKS)\s*\+?=\s*\(/u.test(line)
    const kept = begins || inside
    inside = kept && !line.includes(')')
    return kept
  })
  return lines.map((line) => `${hide.words(line)}\n`).join('')
}

/** Labels matter of ZFS only: they name the pool. */
function udevLine(line: string, { hide }: Context): string {
  return hide.words(line)
}
