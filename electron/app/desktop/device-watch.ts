import { followTool } from '#host/exec/detached.ts'

/** A card has several functions, and each announces itself; one look after the last is enough. */
const SETTLE_MS = 500

/**
 * Calls `changed` shortly after the kernel bound, unbound, added or removed a PCI function, as
 * `udevadm monitor` tells it (udevadm(8)). Without udevadm nothing is watched, and "Check again" remains.
 */
export async function watchDevices(changed: () => void): Promise<{ stop: () => void }> {
  let due: NodeJS.Timeout | null = null
  return followTool('udevadm', ['monitor', '--kernel', '--subsystem-match=pci'], (line) => {
    if (!isDeviceEvent(line)) return
    if (due !== null) clearTimeout(due)
    due = setTimeout(changed, SETTLE_MS)
  })
}

/** `KERNEL[123.456] bind     /devices/pci0000:00/... (pci)`; the first lines only introduce the output. */
export function isDeviceEvent(line: string): boolean {
  return /^KERNEL\[[\d.]+\]\s+(add|remove|bind|unbind)\s/u.test(line)
}
