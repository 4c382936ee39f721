import { _electron, chromium } from 'playwright'
import { PATIENCE_MS } from './patience.ts'
import { StudioWindow } from './studio-window.ts'

/** Which host the window opens: this one, the simulated workstation (after what a file says happened to it), a recording. */
export type StudioHost = 'real' | 'paper' | `paper:${string}` | `dir:${string}`

export interface LaunchOptions {
  executable: string
  /** Directory with package.json and dist/. */
  app: string
  host: StudioHost
  /** Chromium refuses to run as root with its sandbox; tests alone may go without. */
  asRoot: boolean
  env: Record<string, string>
}

/** Starts the app and waits for its window. */
export async function openWindow(options: LaunchOptions): Promise<StudioWindow> {
  const switches = [`--studio-host=${options.host}`, ...(options.asRoot ? ['--no-sandbox'] : [])]
  const electron = await _electron.launch({
    executablePath: options.executable,
    args: [options.app, ...switches],
    env: options.env,
    chromiumSandbox: !options.asRoot,
    timeout: PATIENCE_MS,
  })
  return new StudioWindow(electron, await electron.firstWindow({ timeout: PATIENCE_MS })).ready()
}

/** Takes hold of a window that is open already, by the port its Chromium listens on. */
export async function attachWindow(port: number): Promise<StudioWindow> {
  // An app's Chromium has one context and lets nobody change it.
  const more = { noDefaults: true, timeout: PATIENCE_MS }
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, more)
  const page = browser.contexts()[0]?.pages()[0]
  if (page === undefined) throw new Error('no window is open')
  return new StudioWindow(null, page).ready()
}
