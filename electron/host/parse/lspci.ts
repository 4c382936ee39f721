/** Device names from `lspci -D -nnk`, by address. The class and the ids are cut off: `NVIDIA ... [Quadro M4000]`. */
export function parseLspciNames(text: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) [^[]*\[[0-9a-f]{4}\]: (.*)$/u.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const name = match[2].replace(/ \[[0-9a-f]{4}:[0-9a-f]{4}\].*$/u, '')
    // A bare "Device" is lspci's way of saying that pci.ids does not know it.
    if (name !== 'Device') names.set(match[1], name)
  }
  return names
}
