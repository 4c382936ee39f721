import { contextBridge, ipcRenderer } from 'electron'
import { CALL_CHANNEL, EVENT_CHANNELS } from '#shared/ipc/channels.ts'
import type { StudioApi } from '#shared/ipc/schema.ts'

const api: StudioApi = {
  call: (name, input) => ipcRenderer.invoke(CALL_CHANNEL, name, input),
  on: (event, listener) => {
    // Only the events that are listed have a channel.
    if (!Object.hasOwn(EVENT_CHANNELS, event)) throw new TypeError(`There is no event ${event}.`)
    const channel = EVENT_CHANNELS[event]
    const forward = (_event: unknown, value: unknown) => listener(value)
    ipcRenderer.on(channel, forward)
    return () => ipcRenderer.off(channel, forward)
  },
}

contextBridge.exposeInMainWorld('studio', api)
