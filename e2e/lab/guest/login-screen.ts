import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { driverOf } from './evidence.ts'

export const CARD = ['0000:01:00.0', '0000:01:00.1'] as const
const CONSOLES = '/sys/class/vtconsole'

/** Returns the programs that have a DRM node of the host open, by name. */
async function onTheCard(): Promise<string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
      if (target.startsWith('/dev/dri/card') && !name.startsWith('systemd')) found.push(name.trim())
    }
  }
  return [...new Set(found)]
}

async function framebufferConsole(): Promise<boolean> {
  for (const name of await readdir(CONSOLES)) {
    const [title, bound] = await Promise.all(
      ['name', 'bind'].map((file) => readFile(join(CONSOLES, name, file), 'utf8').catch(() => '')),
    )
    if (title?.includes('frame buffer') === true && bound?.trim() === '1') return true
  }
  return false
}

/** Who has the card, whether the login screen runs on it and text consoles are drawn on it, and root's note of it. */
export async function picture() {
  const { stdout } = await execa('systemctl', ['is-active', 'display-manager.service'], { reject: false })
  const taken = await readFile('/run/passthrough-studio/taken/designer', 'utf8').catch(() => null)
  return {
    drivers: await Promise.all(CARD.map(driverOf)),
    loginScreen: stdout.trim(),
    onTheCard: await onTheCard(),
    console: await framebufferConsole(),
    taken: taken !== null,
  }
}
