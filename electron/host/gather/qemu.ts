import type { Facts } from '../../../shared/facts.ts'
import type { Tool } from '../../../shared/system.ts'
import { unknownBecause } from '../../../shared/unknown.ts'
import type { Host } from '../host.ts'

const BINARIES: readonly Tool[] = ['qemu-system-x86_64', 'qemu-kvm']

const probed = new WeakMap<Host, Facts['qemu']>()

/** Asks the QEMU binary itself what it can do, once; its version number decides nothing. */
export async function gatherQemu(host: Host): Promise<Facts['qemu']> {
  if (host.told !== undefined) return unknownBecause('the text does not tell which QEMU is installed')
  const known = probed.get(host) ?? (await probe(host))
  // A QEMU that is installed later has to be found, so "none" is not kept.
  if (known !== null) probed.set(host, known)
  return known
}

async function probe(host: Host): Promise<Facts['qemu']> {
  for (const binary of BINARIES) {
    if (!(await host.has(binary))) continue
    const [version, machines, devices] = await Promise.all([
      host.run(binary, ['-version']),
      host.run(binary, ['-machine', 'help']),
      host.run(binary, ['-device', 'help']),
    ])
    if (version === null || machines === null || devices === null) continue
    if (version.exitCode !== 0) return unknownBecause(`${binary} -version: exit code ${version.exitCode}`)
    return {
      binary,
      version: /version (\S+)/u.exec(version.stdout)?.[1] ?? 'unknown',
      machines: machines.stdout
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0] ?? '')
        .filter((name) => name !== ''),
      devices: [...devices.stdout.matchAll(/^name "([^"]+)"/gmu)].map((match) => match[1] ?? ''),
    }
  }
  return null
}
