import type { DeviceNames } from '#shared/facts/pci.ts'

/**
 * Names of functions and of their boards from `lspci -D -nnk`, by address. The class and the ids are cut off:
 * `NVIDIA ... [Quadro M4000]`. A bare "Device" is lspci's way of saying that pci.ids does not know it.
 */
export function parseLspciNames(text: string): Map<string, DeviceNames> {
  const names = new Map<string, DeviceNames>()
  let address = ''
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) [^[]*\[[0-9a-f]{4}\]: (.*)$/u.exec(line)
    if (match !== null) {
      address = match[1] ?? ''
      names.set(address, { name: known(match[2] ?? ''), board: null })
    }
    const board = /^\tSubsystem: (.*)$/u.exec(line)?.[1]
    const device = names.get(address)
    if (board !== undefined && device !== undefined) names.set(address, { ...device, board: known(board) })
  }
  return names
}

function known(text: string): string | null {
  const name = text.replace(/ ?\[[0-9a-f]{4}:[0-9a-f]{4}\].*$/u, '')
  return name === 'Device' || name === '' ? null : name
}
