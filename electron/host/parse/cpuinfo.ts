import type { Facts } from '#shared/facts/facts.ts'

const VENDORS: Readonly<Record<string, Facts['cpu']['vendor']>> = { GenuineIntel: 'intel', AuthenticAMD: 'amd' }

/** Reads the first processor's block of /proc/cpuinfo and counts the blocks. */
export function parseCpuinfo(text: string): Facts['cpu'] {
  const first = text.split('\n\n', 1)[0] ?? ''
  const flags = field(first, 'flags').split(' ')
  return {
    vendor: VENDORS[field(first, 'vendor_id')] ?? 'other',
    model: field(first, 'model name'),
    virtualization: flags.includes('vmx') ? 'vmx' : flags.includes('svm') ? 'svm' : null,
    hypervisor: flags.includes('hypervisor'),
    threads: text.split('\n').filter((line) => /^processor\s*:/u.test(line)).length,
  }
}

function field(block: string, name: string): string {
  const line = block.split('\n').find((row) => row.split(':', 1)[0]?.trim() === name)
  return line === undefined ? '' : line.slice(line.indexOf(':') + 1).trim()
}
