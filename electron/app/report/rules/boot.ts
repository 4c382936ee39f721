import { parseUnifiedImage, UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import type { Context, Rule } from './rule.ts'
import { byLine, onlyThere, wordByWord } from './rule.ts'

const ENTRY = String.raw`(?:/boot|/efi|/boot/efi)/loader/entries/[^/]+\.conf`

/** Boot loaders and their menus. */
export const BOOT: readonly Rule[] = [
  { paths: /\/grub2?\.cfg$|^\/boot\/.*\/grub\.cfg$|^\/etc\/grub\.d\/42_passthrough-studio$/u, keep: byLine(grubLine) },
  { paths: /^\/boot\/grub2?\/grubenv$/u, keep: byLine(environmentLine) },
  { paths: new RegExp(`^${ENTRY}$`, 'u'), keep: byLine(entryLine) },
  {
    paths: /\/loader\/loader\.conf$/u,
    keep: byLine((line, { hide }) => (/^[ \t]*default[ \t]/u.test(line) ? hide.words(line) : null)),
  },
  { paths: UNIFIED_IMAGE, keep: unifiedImage },
  { paths: /^\/etc\/default\/grub(?:\.d\/[^/]+)?$/u, keep: byLine(defaultsLine) },
  { paths: /^\/usr\/s?bin\/grub-mkconfig$/u, keep: (text) => /default\/grub\.d/u.exec(text)?.[0].concat('\n') ?? '' },
  {
    paths: /^\/etc\/(?:kernel\/cmdline|cmdline\.d\/[^/]+\.conf)$/u,
    keep: byLine((line, { hide }) => (line.trimStart().startsWith('#') ? null : hide.args(line))),
  },
  {
    paths: /^\/etc\/kernel\/proxmox-boot-uuids$/u,
    keep: byLine((line, { hide }) => hide.as('uuidValue', line.trim())),
  },
  { paths: /^\/usr\/sbin\/update-initramfs$/u, keep: (text) => /\bdracut\b/u.exec(text)?.[0].concat('\n') ?? '' },
  {
    paths: /^\/(?:etc|run|usr\/lib|usr\/local\/lib)\/kernel\/install\.conf$/u,
    keep: byLine((line) =>
      /^[ \t]*(?:layout|uki_generator|initrd_generator)=[a-z0-9]+[ \t]*$/u.test(line) ? line : null,
    ),
  },
  { paths: /^\/etc\/kernelstub\/configuration$/u, keep: onlyThere },
  {
    paths: /^\/etc\/mkinitcpio\.d\/[^/]+\.preset$/u,
    keep: byLine((line, { hide }) => (/^\s*\w+_(?:uki|config)=/u.test(line) ? hide.words(line) : null)),
  },
  {
    paths:
      /^\/(?:etc\/NIXOS|usr\/bin\/pveversion|run\/ostree-booted|run\/\.containerenv|\.dockerenv|run\/systemd\/container)$/u,
    keep: onlyThere,
  },
  { paths: /^\/run\/passthrough-studio\/early-bind$/u, keep: wordByWord },
]

const OWN_COMMENT = /^\s*# (?:Written by Passthrough Studio|entry)/u

/**
 * Redacts a line of GRUB's menu: titles, ids, `set` lines and the line of the kernel stay; passwords, searches for
 * disks and scripts go.
 */
function grubLine(line: string, context: Context): string | null {
  const { hide, path } = context
  const word = line.trim()
  if (word === 'blscfg' || word === '}') return line
  if (/^(?:menuentry|submenu|initrd(?:16|efi)?)\s/u.test(word) || word.endsWith('{')) return hide.words(line)
  return (
    setLine(line, context) ??
    kernelLine(line, context) ??
    (path.startsWith('/etc/grub.d/') ? ownLine(line, context) : null)
  )
}

function setLine(line: string, { hide }: Context): string | null {
  const parts = /^(?<head>\s*set \w+=)(?<quote>["']?)(?<value>.*?)["']?\s*$/u.exec(line)?.groups
  if (parts === undefined) return null
  const { head = '', quote = '', value = '' } = parts
  const shown = head.endsWith(' default=') || head.endsWith('\tdefault=') ? hide.words(value) : hide.args(value)
  return `${hide.words(head)}${quote}${shown}${quote}`
}

function kernelLine(line: string, { hide }: Context): string | null {
  const [, image, args] = /^(\s*linux(?:16|efi)?\s+\S+)(.*)$/u.exec(line) ?? []
  return image === undefined || args === undefined ? null : `${hide.words(image)}${hide.args(args)}`
}

/** Our script in /etc/grub.d prints a menu entry below some lines of shell. */
function ownLine(line: string, { hide }: Context): string | null {
  return line === '#!/bin/sh' || /^(?:sed|exit) /u.test(line) || OWN_COMMENT.test(line) ? hide.words(line) : null
}

function environmentLine(line: string, { hide }: Context): string | null {
  const equals = line.indexOf('=')
  if (line.startsWith('#') || equals < 1) return null
  const [name, value] = [line.slice(0, equals), line.slice(equals + 1)]
  return `${hide.words(name)}=${/^(?:saved|next)_entry$/u.test(name) ? hide.words(value) : hide.args(value)}`
}

const BY_KERNEL_INSTALL = '# File created by /usr/lib/kernel/install.d/90-loaderentry.install'

/** Redacts a line of an entry of the boot loader specification, type #1: one key and its value. */
function entryLine(line: string, { hide }: Context): string | null {
  if (/File created by \S*kernel\/install\.d\//u.test(line)) return BY_KERNEL_INSTALL
  if (OWN_COMMENT.test(line)) return hide.words(line)
  const [, head, key, value = ''] = /^([ \t]*([a-z-]+)[ \t]+)(.*?)[ \t\r]*$/u.exec(line) ?? []
  if (head === undefined || key === undefined) return null
  if (key === 'options') return `${head}${hide.args(value)}`
  return /^(?:title|version|machine-id|sort-key|linux|initrd|efi)$/u.test(key) ? `${head}${hide.words(value)}` : null
}

/** Redacts what a unified image says of itself: system and kernel stay as they are, arguments as everywhere. */
function unifiedImage(text: string, { hide }: Context): string {
  const image = parseUnifiedImage(text)
  if (image === null) return ''
  const { cmdline, uname, osrel } = image
  const system = osrel
    ?.split('\n')
    .filter((line) => /^(?:PRETTY_NAME|NAME|(?:IMAGE_|BUILD_)?ID|(?:IMAGE_)?VERSION(?:_ID)?)=/u.test(line))
  return JSON.stringify({
    ...image,
    cmdline: cmdline === null ? null : hide.args(cmdline),
    uname: uname === null ? null : hide.words(uname),
    osrel: system === undefined ? null : hide.words(system.join('\n')),
  })
}

/** Only the variables with arguments of the kernel. One the shell computes stays one that it computes. */
function defaultsLine(line: string, { hide }: Context): string | null {
  if (OWN_COMMENT.test(line)) return hide.words(line)
  const [, name, rest = ''] = /^(GRUB_CMDLINE_LINUX(?:_DEFAULT|_RECOVERY|_XEN\w*)?)=(.*)$/u.exec(line) ?? []
  if (name === undefined) return null
  const quote = rest.charAt(0)
  if (quote === '"' || quote === "'") {
    const close = rest.indexOf(quote, 1)
    return close < 0
      ? `${name}=${quote}${hide.args(rest.slice(1))}`
      : `${name}=${quote}${hide.args(rest.slice(1, close))}${quote}`
  }
  const word = /^([A-Za-z0-9_.,:/=-]*)(?:\s.*)?$/u.exec(rest)?.[1]
  return word === undefined ? `${name}=$(${hide.as('word', rest)})` : `${name}=${hide.args(word)}`
}
