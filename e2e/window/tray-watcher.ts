import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import dbus, { type Message as DbusMessage } from 'dbus-next'

const { Message, MessageType, sessionBus } = dbus

const WATCHER = 'org.kde.StatusNotifierWatcher'
const ITEM = 'org.kde.StatusNotifierItem'
const MENU = 'com.canonical.dbusmenu'

interface MenuItem {
  id: number
  label: string
  enabled: boolean
  /** What a submenu holds; empty: it is none. */
  items: MenuItem[]
}

/** A node of the menu as it goes over the bus: (ia{sv}av). */
type Layout = [number, Record<string, { value: unknown }>, { value: Layout }[]]

/** As much of a desktop's tray as one test needs: lets icons register, reads their menu, clicks in it. */
export class TrayWatcher {
  private readonly bus = sessionBus()
  private registered: { service: string; path: string } | null = null

  /** Takes the watcher's name on the session bus and answers registrations. */
  async start(): Promise<void> {
    this.bus.addMethodHandler((message: DbusMessage) => this.answer(message))
    await once(this.bus, 'connect')
    await this.bus.requestName(WATCHER, 0)
  }

  private answer(message: DbusMessage): boolean {
    if (message.type !== MessageType.METHOD_CALL) return false
    if (message.member === 'RegisterStatusNotifierItem') {
      const given = String(message.body[0])
      this.registered = given.startsWith('/')
        ? { service: message.sender, path: given }
        : { service: given, path: '/StatusNotifierItem' }
      this.bus.send(Message.newMethodReturn(message, '', []))
      return true
    }
    if (message.member === 'Get') {
      this.bus.send(Message.newMethodReturn(message, 'v', [new dbus.Variant('b', true)]))
      return true
    }
    return false
  }

  /** Waits until an icon has registered. */
  async item(): Promise<{ service: string; path: string }> {
    for (let tries = 0; tries < 200; tries += 1) {
      if (this.registered !== null) return this.registered
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('no tray icon registered')
  }

  private async call(
    path: string,
    iface: string,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown[]> {
    const { service } = await this.item()
    const reply = await this.bus.call(
      new Message({ destination: service, path, interface: iface, member, signature, body }),
    )
    return (reply?.body ?? []) as unknown[]
  }

  private async property(name: string): Promise<unknown> {
    const { path } = await this.item()
    const [value] = await this.call(path, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [ITEM, name])
    return (value as { value: unknown }).value
  }

  /** The words under the pointer: the third field of (sa(iiay)ss). */
  async tooltip(): Promise<string> {
    const [, , title, text] = (await this.property('ToolTip')) as [unknown, unknown, string, string]
    return [title, text].join(' ').trim()
  }

  /** The picture's bytes, as text that two of them can be told apart by. */
  async icon(): Promise<string> {
    return JSON.stringify(await this.property('IconPixmap'))
  }

  /** Labels and states of the menu, in order. */
  async menu(): Promise<MenuItem[]> {
    const path = String(await this.property('Menu'))
    const [, layout] = await this.call(path, MENU, 'GetLayout', 'iias', [0, -1, []])
    return itemsOf(layout as Layout)
  }

  /**
   * Clicks an entry by its label, or one of a submenu by the label's beginning and its own. As a person would, it
   * waits for one that is greyed out.
   */
  async click(...labels: [string] | [string, string]): Promise<void> {
    let item = await this.entry(labels)
    while (!item.enabled) {
      await sleep(100)
      item = await this.entry(labels)
    }
    const path = String(await this.property('Menu'))
    await this.call(path, MENU, 'Event', 'isvu', [item.id, 'clicked', new dbus.Variant('s', ''), 0])
  }

  private async entry(labels: [string] | [string, string]): Promise<MenuItem> {
    const [first, second] = labels
    const top = (await this.menu()).find(({ label }) =>
      second === undefined ? label === first : label.startsWith(first),
    )
    const item = second === undefined ? top : top?.items.find(({ label }) => label === second)
    if (item === undefined) throw new Error(`the tray has no "${labels.join(' > ')}"`)
    return item
  }

  stop(): void {
    this.bus.disconnect()
  }
}

function itemsOf([, , children]: Layout): MenuItem[] {
  return children.map(({ value }) => {
    const [id, properties] = value
    const enabled = properties['enabled']?.value !== false
    return { id, label: textOf(properties['label']?.value), enabled, items: itemsOf(value) }
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
