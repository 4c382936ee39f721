import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'
import { type TrayAction, type TrayItem, trayMenu } from '#app/views/tray-menu.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import type { VmState } from '#shared/vm/vm.ts'

const ICONS: Readonly<Record<VmState, string>> = {
  off: 'tray-off.png',
  starting: 'tray-starting.png',
  running: 'tray-running.png',
  stopping: 'tray-starting.png',
  attention: 'tray-attention.png',
  unknown: 'tray-off.png',
}

/** The tray icon: state in picture and tooltip, actions in its menu. Updated only when something it shows changed. */
export class StudioTray {
  private readonly tray: Tray
  private readonly assets: string
  private readonly act: (action: TrayAction, vm: string) => void
  private shown = ''

  constructor(assets: string, act: (action: TrayAction, vm: string) => void) {
    this.assets = assets
    this.act = act
    this.tray = new Tray(this.icon('off'))
    this.tray.on('click', () => this.act('open', ''))
    this.update(null)
  }

  private icon(state: VmState) {
    return nativeImage.createFromPath(join(this.assets, ICONS[state]))
  }

  update(snapshot: Snapshot | null): void {
    const { state, tooltip, items } = trayMenu(snapshot)
    const key = JSON.stringify([state, tooltip, items])
    if (key === this.shown) return
    this.shown = key
    this.tray.setImage(this.icon(state))
    this.tray.setToolTip(tooltip)
    this.tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => this.entry(item))))
  }

  private entry({ action, vm, label, enabled, items }: TrayItem): MenuItemConstructorOptions {
    if (items.length > 0) return { label, enabled, submenu: items.map((item) => this.entry(item)) }
    return { label, enabled, click: () => (action === null ? undefined : this.act(action, vm)) }
  }
}
