import { contextBridge, ipcRenderer } from 'electron'
import { CALL_NAMES, SNAPSHOT_CHANNEL, callChannel } from '../shared/call-names.ts'

const calls = CALL_NAMES.map((name) => [name, (input: unknown) => ipcRenderer.invoke(callChannel(name), input)])

contextBridge.exposeInMainWorld('studio', {
  ...Object.fromEntries(calls),
  onSnapshot: (listener: (value: unknown) => void) => {
    const forward = (_event: unknown, value: unknown) => listener(value)
    ipcRenderer.on(SNAPSHOT_CHANNEL, forward)
    return () => ipcRenderer.off(SNAPSHOT_CHANNEL, forward)
  },
})
