// CHANGELOG.md as dpkg and rpm want it: its newest section, whose version may not be out yet.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../paths.mjs'
import { MAINTAINER } from './release.mjs'

/** What the newest section lists, a sentence each, without line breaks. */
async function newestChanges() {
  const text = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8')
  const section = text.split(/^## /mu)[1] ?? ''
  return section
    .split(/^- /mu)
    .slice(1)
    .map((item) => item.replaceAll(/\s+/gu, ' ').trim())
}

/**
 * Lines of at most 78 characters, the later ones indented by `by`.
 * @param {string} text
 * @param {number} by
 */
function wrapped(text, by) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + word.length + by > 77) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join(`\n${' '.repeat(by)}`)
}

/**
 * For /usr/share/doc/PACKAGE/changelog.gz (deb-changelog(5)).
 * @param {import("./release.mjs").Release} release
 */
export async function debianChangelog({ version, epoch }) {
  const items = (await newestChanges()).map((item) => `  * ${wrapped(item, 4)}`)
  // E.g. "Sun, 29 Nov 2026 13:10:44 +0000"
  const moment = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000')
  return `passthrough-studio (${version}) stable; urgency=medium\n\n${items.join('\n')}\n\n -- ${MAINTAINER}  ${moment}\n`
}

/**
 * For %changelog of a spec file.
 * @param {import("./release.mjs").Release} release
 */
export async function rpmChangelog({ version, epoch }) {
  const [weekday, day, month, year] = new Date(epoch * 1000).toUTCString().replace(',', '').split(' ')
  const items = (await newestChanges()).map((item) => `- ${wrapped(item.replaceAll('%', '%%'), 2)}`)
  return `* ${weekday} ${month} ${day} ${year} ${MAINTAINER} - ${version}-1\n${items.join('\n')}\n`
}
