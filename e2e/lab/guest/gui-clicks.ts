import { access, mkdir, writeFile } from 'node:fs/promises'
import { argv, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { BindPage } from '#e2e/window/pages/bind-page.ts'
import { CardsPage } from '#e2e/window/pages/cards-page.ts'
import { DefinitionPage } from '#e2e/window/pages/definition-page.ts'
import { DevicesPage } from '#e2e/window/pages/devices-page.ts'
import { JournalPage } from '#e2e/window/pages/journal-page.ts'
import { LaunchPage } from '#e2e/window/pages/launch-page.ts'
import { PasswordAgent } from './agents/password-agent.ts'
import { driverOf, note } from './evidence.ts'
import { openAutostarted, openInstalled, startAgain } from './installed-window.ts'

const PICTURES = '/mnt/share/pictures'
const AUTOSTART = '/home/designer/.config/autostart/passthrough-studio.desktop'

const WRITE_BOOT = 'Write 3 files, rebuild initramfs and update boot menu'

let shown = 0

await mkdir(PICTURES, { recursive: true })
const { studio, pid } = await (argv[2] === '1' ? openInstalled() : openAutostarted(AUTOSTART))
/** Whoever sits there types what the image's administrator has for a password. */
const agent = new PasswordAgent(pid, 'lab')

/** One picture a step, in the order they were reached. */
async function picture(name: string): Promise<void> {
  shown += 1
  await studio.camera.take(`${PICTURES}/boot${argv[2] ?? ''}-${shown}-${name}.png`)
  await note(`verdict ${name}`, await studio.verdict.word())
}

/** Opens a step, applies it by its button and waits for the verdict. */
async function applyStep(title: string, button: string, verdict: string): Promise<void> {
  await studio.rail.open(title)
  await studio.press(button)
  await studio.verdict.waitFor(verdict)
  await studio.notice.waitUntilIdle()
  await picture(title.toLowerCase())
}

/** Steps 1 to 3, and the reboot by its button. */
async function beforeReboot(): Promise<void> {
  await studio.rail.open('Platform')
  await picture('platform')
  await asADesktopSees()
  await openBootMenu()
  await applyStep('Kernel', 'Load vfio-pci and write 1 file', 'ok')
  await applyStep('Boot', WRITE_BOOT, 'after-reboot')
  await note('autostart', await exists(AUTOSTART))
  await note('dialogs', agent.dialogs())
  await rebootBy('Reboot now')
}

/** What the window says it is, and what becomes of a second start. */
async function asADesktopSees(): Promise<void> {
  const { stdout } = await execa('xwininfo', ['-root', '-tree'])
  await note(
    'windows',
    stdout.split('\n').filter((line) => line.includes('"Passthrough Studio"')),
  )
  await note('started again', await startAgain())
}

/** Before anything is changed the menu is closed to this user; each change reads it, too. */
async function openBootMenu(): Promise<void> {
  await studio.rail.open('Boot')
  await picture('closed')
  await studio.press('Read as administrator')
  await studio.waitForButton(WRITE_BOOT)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The button ends this program's world; whoever is still here a quarter of an hour later was not rebooted. */
async function rebootBy(button: string): Promise<never> {
  await note('reboot', button)
  await studio.press(button)
  await sleep(900_000)
  await note('failure', { message: 'the machine did not reboot', problem: await studio.notice.problem() })
  exit(1)
}

/** Steps 4 to 9, the proof, and everything taken back. */
async function afterReboot(): Promise<void> {
  await studio.waitForText('The host was rebooted, and step 3 is proven')
  await note('opened on', await studio.title())
  await picture('resumed')
  await watchDevices()
  const cards = await new CardsPage(studio).open()
  // The rule for each boot, and its initramfs, are the command line scenario's part.
  await cards.keep('01:00.0', 'Until the next reboot')
  await picture('cards')
  const bind = await new BindPage(studio).open()
  await bind.confirmWith('01:00.0')
  await applyStep('Bind', 'Bind 2 functions', 'ok')
  await note('bound', [await driverOf('0000:01:00.0'), await driverOf('0000:01:00.1')])
  await studio.rail.open('Verify')
  await picture('verify')
  await studio.rail.open('Network')
  await picture('network')
  await (await new DefinitionPage(studio).open()).setMemory(256)
  // As the other scenarios do (verbs.ts).
  await studio.form.unfold(/^Screen and memory/u)
  await studio.form.untick(/^A screen of its own/u)
  await applyStep('Definition', 'Write 5 files and build the proof guest', 'ok')
  const launch = await new LaunchPage(studio).open()
  await launch.startAndProve()
  await picture('launch')
  await note('proof', await launch.functionsSeen())
  await studio.notice.waitUntilIdle()
  await studio.press('Shut down')
  await studio.waitForText('Start the VM')
  await undoEverything()
}

/** The panel follows what somebody else does to a device, without being told to look. */
async function watchDevices(): Promise<void> {
  const driver = 'snd_hda_intel'
  const devices = await new DevicesPage(studio).open()
  const before = await devices.waitForDriver('01:00.1', driver, true)
  await writeFile('/mnt/share/asked-unbind', '')
  const between = await devices.waitForDriver('01:00.1', driver, false)
  await studio.camera.take(`${PICTURES}/boot2-devices.png`)
  await writeFile('/mnt/share/asked-bind', '')
  await note('devices followed', [before, between, await devices.waitForDriver('01:00.1', driver, true)])
}

async function undoEverything(): Promise<void> {
  const journal = await new JournalPage(studio).open()
  await journal.undoEverything()
  await studio.notice.waitUntilIdle()
  await note('journal', await journal.rows())
  await note('dialogs', agent.dialogs())
  await studio.camera.take(`${PICTURES}/boot2-journal.png`)
}

try {
  await (argv[2] === '1' ? beforeReboot() : afterReboot())
} catch (thrown) {
  await studio.camera.take(`${PICTURES}/failure.png`)
  await note('failure', {
    message: thrown instanceof Error ? thrown.stack : String(thrown),
    problem: await studio.notice.problem(),
  })
  exit(1)
}
exit(0)
