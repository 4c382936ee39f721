import { join } from 'node:path'
import { app, type BrowserWindow, clipboard, dialog, session } from 'electron'
import { problemLine, problemOf } from '#shared/base/problem.ts'
import { AppController } from './app/controller.ts'
import { INSTALLED_LAUNCHER, syncAutostart } from './app/desktop/autostart.ts'
import { watchDevices } from './app/desktop/device-watch.ts'
import { trayHost } from './app/desktop/tray-host.ts'
import { readProgram } from './app/privilege/program.ts'
import type { TrayAction } from './app/views/tray-menu.ts'
import { note } from './host/log.ts'
import { askForPage, pushEvents, serveCalls } from './shell/ipc.ts'
import { declareScheme, servePage } from './shell/page.ts'
import { saveAs } from './shell/save.ts'
import { harden } from './shell/security.ts'
import { StudioTray } from './shell/tray.ts'
import { openWindow } from './shell/window.ts'

const ASSETS = join(__dirname, 'assets')
const POLL_MS = 5_000

const controller = new AppController(__dirname, { saveAs, copy: async (text) => clipboard.writeText(text), restart })
let window: BrowserWindow | null = null
let tray: StudioTray | null = null
let trayAvailable = false

/** Restarts as what is installed now; a running VM is no child of ours. */
function restart(): void {
  app.relaunch()
  app.exit(0)
}

/** Shows the window, opening it if it was closed. */
function show(): BrowserWindow {
  if (window === null || window.isDestroyed()) {
    window = openWindow(__dirname, join(ASSETS, 'icon.png'), app.commandLine.hasSwitch('devtools'))
    window.on('closed', () => {
      window = null
      controller.windowClosed()
    })
  }
  window.show()
  return window
}

const TRAY_ACTIONS: Readonly<Record<TrayAction, (vm: string) => void>> = {
  open: () => void show(),
  console: (vm) => void fromTray(() => showConsole(vm)),
  start: (vm) => void fromTray(() => controller.handlers['vms.start'](vm)),
  'shut-down': (vm) => void fromTray(() => controller.handlers['vms.shutDown'](vm)),
  reset: (vm) => void fromTray(() => resetIfSure(vm)),
  'force-off': (vm) => void fromTray(() => forceOffIfSure(vm)),
  quit: () => app.quit(),
}

/** Selects the VM and opens its console. */
async function showConsole(vm: string): Promise<void> {
  await controller.handlers['vms.select'](vm)
  askForPage(show(), 'console')
}

/** Asks before forcing a VM off: a slip of the mouse in a menu must not cost the guest's unsaved work. */
async function forceOffIfSure(vm: string): Promise<void> {
  const ends = { message: `Force the VM "${vm}" off?`, detail: 'It ends at once, as by a power cut.', yes: 'Force off' }
  if (await isSure(ends)) await controller.handlers['vms.forceOff'](vm)
}

/** The same before its reset. */
async function resetIfSure(vm: string): Promise<void> {
  const resets = { message: `Reset the VM "${vm}"?`, detail: 'It starts over at once.', yes: 'Reset' }
  if (await isSure(resets)) await controller.handlers['vms.reset'](vm)
}

async function isSure({ message, detail, yes }: { message: string; detail: string; yes: string }): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Passthrough Studio',
    message,
    detail: `${detail} Unsaved work in the guest is lost.`,
    buttons: ['Keep it running', yes],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}

/** Runs an action of the tray and shows its failure in the window, with its reason and hint. */
async function fromTray(action: () => Promise<unknown>): Promise<void> {
  try {
    await action()
    if (controller.snapshot()?.phase.kind === 'failed') show()
  } catch (thrown) {
    show()
    dialog.showErrorBox('Passthrough Studio', problemLine(problemOf(thrown)))
  }
}

/** Keeps tray and autostart entry in step with the engine. */
function follow(): void {
  let pending: boolean | null = null
  controller.onChange(() => {
    const snapshot = controller.snapshot()
    tray?.update(snapshot)
    if (snapshot === null || snapshot.hostKind !== 'real' || snapshot.phase.kind === 'checking') return
    const due = snapshot.phase.kind === 'needs-reboot'
    if (due === pending) return
    pending = due
    remember(due).catch((thrown: unknown) => note(problemOf(thrown).message))
  })
}

/** The autostart entry, by the name that stays the same from one version to the next. */
async function remember(due: boolean): Promise<void> {
  const { build } = await readProgram(__dirname)
  const program = build.origin === 'package' ? INSTALLED_LAUNCHER : process.execPath
  await syncAutostart(due, [program, ...process.argv.slice(1)])
}

async function start(): Promise<void> {
  harden(session.defaultSession)
  servePage(join(__dirname, 'window'))
  serveCalls(controller)
  pushEvents(controller, () => window)
  follow()
  show()
  const found = await trayHost()
  trayAvailable = found.available
  if (trayAvailable) tray = new StudioTray(ASSETS, (action, vm) => TRAY_ACTIONS[action](vm))
  await controller.open(app.commandLine.getSwitchValue('studio-host') || 'real')
  controller.setTray(found)
  setInterval(() => {
    for (const asked of [controller.active.pollUnheardVms(), controller.renewPrivilege()])
      asked.catch((thrown: unknown) => note(problemOf(thrown).message))
  }, POLL_MS)
  await watchDevices(() => controller.deviceChanged())
}

// Node would open its inspector at this signal, to any process of the same user, and with it this one's authorizations
// (Node.js, process, signal events). A package has that switched off by a fuse too.
process.on('SIGUSR1', () => note('A process asked for the inspector by SIGUSR1; it is not opened.'))
process.on('unhandledRejection', (thrown) => {
  const { message, detail } = problemOf(thrown)
  note(`Nobody waited for this: ${detail ?? message}`)
})
declareScheme()
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => void show())
  // With a tray the app stays; a running VM stays in any case, it is no child of ours.
  app.on('window-all-closed', () => (trayAvailable ? undefined : app.quit()))
  app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      dialog.showErrorBox('Passthrough Studio', problemLine(problemOf(thrown)))
      app.exit(1)
    })
} else {
  app.quit()
}
