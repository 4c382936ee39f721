/** Names in `-device help`: lines like `name "vfio-pci", bus PCI`. */
export function deviceNames(text: string): string[] {
  return [...text.matchAll(/^name "([^"]+)"/gmu)].map((match) => match[1] ?? '')
}

/** Names in `-machine help`, and the versioned one that `q35` stands for (null: none is named). */
export function machineNames(text: string): { machines: string[]; q35: string | null } {
  const lines = text.split('\n').slice(1)
  const machines = lines.map((line) => line.split(' ')[0] ?? '').filter((name) => name !== '')
  return { machines, q35: /^q35 .*\(alias of ([^)]+)\)/mu.exec(text)?.[1] ?? null }
}

/** Property names in `-device NAME,help` and `-machine NAME,help`: indented lines like `  smm=<OnOffAuto>`. */
export function propertyNames(text: string): string[] {
  return [...text.matchAll(/^\s+([A-Za-z0-9_.-]+)=</gmu)].map((match) => match[1] ?? '')
}

/** One name a line after a heading: `-object help`, `-audiodev help`. */
export function listedNames(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => /^[a-z0-9-]+$/u.test(line))
}
