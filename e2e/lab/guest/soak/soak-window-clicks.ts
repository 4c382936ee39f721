import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { argv, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { BindPage } from '#e2e/window/pages/bind-page.ts'
import { CardsPage } from '#e2e/window/pages/cards-page.ts'
import { ConsolePage } from '#e2e/window/pages/console-page.ts'
import { DefinitionPage } from '#e2e/window/pages/definition-page.ts'
import { LaunchPage } from '#e2e/window/pages/launch-page.ts'
import { loadVfio } from '#e2e/window/pages/paper-walk.ts'
import { TrayWatcher } from '#e2e/window/tray-watcher.ts'
import { note } from '../evidence.ts'
import { consoleAnswers } from '../guest-console.ts'
import { openInstalled } from '../installed-window.ts'

const SHARE = '/mnt/share'
const VM = 'VM "designer"'
const LIMIT_MS = 600_000
/** So often the VM of a round is started again before the next is made, by the other way. */
const STARTED_TWICE = 5

const tray = new TrayWatcher()
await tray.start()
const { studio, pid } = await openInstalled()
const definition = new DefinitionPage(studio)
const launch = new LaunchPage(studio)

/** Has root look, and waits until it did. */
async function ask(name: string): Promise<void> {
  await writeFile(`${SHARE}/asked-${name}`, '')
  while (!existsSync(`${SHARE}/answered-${name}`)) await sleep(300)
}

/** Waits until the tray says so. */
async function trayTells(state: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  while ((await tray.menu())[0]?.label !== `${VM}: ${state}`) {
    if (Date.now() > deadline) throw new Error(`the tray says ${(await tray.menu())[0]?.label}, not ${state}`)
    await sleep(500)
  }
}

/** The steps that a start needs; the machine was booted with the IOMMU on. */
async function prepare(): Promise<void> {
  await loadVfio(studio)
  await (await new CardsPage(studio).open()).keep('01:00.0', 'Until the next reboot')
  const bind = await new BindPage(studio).open()
  await bind.confirmWith('01:00.0')
  await bind.step.apply('Bind 2 functions')
  await (await definition.open()).setMemory(256)
}

/** Step 8 writes the VM's files and makes its guest. */
async function create(): Promise<void> {
  await (await definition.open()).writeProofGuest()
  await studio.notice.waitUntilIdle()
}

/** Takes step 8 back: the next round makes the VM anew. */
async function remove(): Promise<void> {
  await (await definition.open()).undo()
  await studio.notice.waitUntilIdle()
}

/** Starts the VM, from the window and from the tray in turns; the proof guest's report belongs to the start. */
async function start(byTray: boolean): Promise<void> {
  await launch.open()
  if (byTray) await tray.click('Start the VM')
  else await studio.press('Start the VM')
  await trayTells('running')
  await studio.waitForButton('Prove the card in the guest')
  await studio.notice.waitUntilIdle()
}

/** The console shows what the guest has drawn, and the guest's serial port takes a connection. */
async function openConsole(byTray: boolean, picture: string): Promise<boolean> {
  if (byTray) await tray.click('Open console')
  else await studio.rail.open('Console')
  await new ConsolePage(studio).waitForPicture()
  await studio.camera.take(`${SHARE}/${picture}`)
  return consoleAnswers()
}

async function shutDown(byTray: boolean): Promise<void> {
  await launch.open()
  if (byTray) await tray.click('Shut down')
  else await studio.press('Shut down')
  await trayTells('off')
  await studio.notice.waitUntilIdle()
}

async function prove(): Promise<string[]> {
  return (await launch.open()).prove()
}

/** One round; what it leaves behind is root's to see. */
async function round(number: number): Promise<void> {
  const byTray = number % 2 === 0
  const began = Date.now()
  await create()
  await start(byTray)
  const console = await openConsole(byTray, byTray ? 'console-by-tray.png' : 'console.png')
  const proof = await prove()
  await shutDown(byTray)
  if (number % STARTED_TWICE === 0) {
    await start(!byTray)
    await shutDown(!byTray)
  }
  const problem = await studio.notice.problem()
  await remove()
  const seconds = Math.round((Date.now() - began) / 1000)
  await ask(`left ${number}`)
  await note('round', { number, byTray, seconds, console, proof, problem })
}

/** The end of what the guest printed: how far one got that hangs. Its user alone may read it, which is this one. */
async function lastOfGuest(): Promise<string | null> {
  const text = await readFile('/run/passthrough-studio/vms/designer/serial.log', 'utf8').catch(() => null)
  return text === null ? null : text.slice(-2000)
}

try {
  await prepare()
  for (let number = 1; number <= Number(argv[2] ?? '1'); number += 1) await round(number)
  process.kill(pid)
  tray.stop()
} catch (thrown) {
  await studio.camera.take(`${SHARE}/failure.png`)
  await note('failure', { message: String(thrown), problem: await studio.notice.problem(), guest: await lastOfGuest() })
  exit(1)
}
