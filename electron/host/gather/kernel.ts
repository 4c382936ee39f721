import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { parseKernelConfig } from '../parse/kernel-config.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'
import { readText, readWord } from '../read.ts'

const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'

/** Gathers release, command line, configuration, and how vfio-pci is built. */
export async function gatherKernel(host: Host): Promise<Facts['kernel']> {
  const release = (await readWord(host, '/proc/sys/kernel/osrelease')) ?? 'unknown'
  const [cmdline, config, vfioPci, driver, modules, lockdown, secureBoot, image] = await Promise.all([
    readWord(host, '/proc/cmdline'),
    gatherConfig(host, release),
    vfioPciBuild(host, release),
    host.list('/sys/bus/pci/drivers/vfio-pci'),
    readWord(host, '/proc/modules'),
    readText(host, '/sys/kernel/security/lockdown'),
    readText(host, SECURE_BOOT),
    kernelImage(host, release),
  ])
  return {
    release,
    cmdline: cmdline ?? '',
    config,
    vfioPci,
    vfioPciReady: driver.kind === 'names',
    image,
    modules: (modules ?? '')
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((name) => name !== ''),
    lockdown: lockdownMode(lockdown),
    secureBoot: secureBootOn(secureBoot),
  }
}

/** Debian and its kin keep it in /boot; Fedora, Arch and openSUSE beside its modules, from where it is copied. */
async function kernelImage(host: Host, release: string): Promise<string | null> {
  const beside = `/usr/lib/modules/${release}`
  if ((await beforeRecorded(() => listOrEmpty(host, beside), [])).includes('vmlinuz')) return `${beside}/vmlinuz`
  const name = `vmlinuz-${release}`
  return (await listOrEmpty(host, '/boot')).includes(name) ? `/boot/${name}` : null
}

/** `none [integrity] confidentiality`: the mode in force is in brackets (kernel_lockdown(7)). */
function lockdownMode(text: OrUnknown<string | null>): Facts['kernel']['lockdown'] {
  if (text === null || isUnknown(text)) return text
  return /\[(\w+)\]/u.exec(text)?.[1] ?? unknownBecause('/sys/kernel/security/lockdown names no mode')
}

/** Four bytes of attributes, then one of value (UEFI specification, 3.3). */
function secureBootOn(text: OrUnknown<string | null>): Facts['kernel']['secureBoot'] {
  if (text === null || isUnknown(text)) return text
  return text.length < 5 ? unknownBecause(`${SECURE_BOOT} is too short`) : text.codePointAt(4) === 1
}

/**
 * Gathers the running kernel's configuration from the four places distributions keep it, first hit wins. Missing means
 * unknown.
 */
async function gatherConfig(host: Host, release: string): Promise<Facts['kernel']['config']> {
  const places = [
    '/proc/config.gz',
    `/boot/config-${release}`,
    `/lib/modules/${release}/config`,
    `/lib/modules/${release}/build/.config`,
  ]
  for (const source of places) {
    const text = await readText(host, source)
    if (typeof text === 'string') return { source, options: parseKernelConfig(text) }
  }
  return unknownBecause(`none of ${places.join(', ')} can be read`)
}

async function vfioPciBuild(host: Host, release: string): Promise<OrUnknown<'builtin' | 'module' | 'missing'>> {
  const modules = `/lib/modules/${release}`
  const [builtin, dep] = await Promise.all([
    readText(host, `${modules}/modules.builtin`),
    readText(host, `${modules}/modules.dep`),
  ])
  if (typeof builtin === 'string' && /\/vfio-pci\.ko/u.test(builtin)) return 'builtin'
  if (typeof dep === 'string') return /\/vfio-pci\.ko/u.test(dep) ? 'module' : 'missing'
  return unknownBecause(`${modules}/modules.dep cannot be read`)
}
