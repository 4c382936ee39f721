import { contextBridge, ipcRenderer } from 'electron'
import { CALL_NAMES, callChannel, PAGE_CHANNEL, SNAPSHOT_CHANNEL } from '#shared/ipc/call-names.ts'

const calls = CALL_NAMES.map((name) => [name, (input: unknown) => ipcRenderer.invoke(callChannel(name), input)])

/** Lets the page hear one of main's messages until it wants no more. */
const heard = (channel: string) => (listener: (value: unknown) => void) => {
  const forward = (_event: unknown, value: unknown) => listener(value)
  ipcRenderer.on(channel, forward)
  return () => ipcRenderer.off(channel, forward)
}

contextBridge.exposeInMainWorld('studio', {
  ...Object.fromEntries(calls),
  onSnapshot: heard(SNAPSHOT_CHANNEL),
  onPage: heard(PAGE_CHANNEL),
})
