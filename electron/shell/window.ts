import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { PAGE_ORIGIN } from './page.ts'

/** Opens the one window. `directory` holds the built preload; `devtools` opens Chromium's tools beside it. */
export function openWindow(directory: string, icon: string, devtools: boolean): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: 'Passthrough Studio',
    icon,
    backgroundColor: '#12171c',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(directory, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  window.removeMenu()
  window.once('ready-to-show', () => window.show())
  if (devtools) window.webContents.openDevTools({ mode: 'detach' })
  void window.loadURL(`${PAGE_ORIGIN}/index.html`)
  return window
}
