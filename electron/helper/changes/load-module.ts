import { ProblemError } from '#shared/base/problem.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'

const LOADED = '/sys/module/vfio_pci'

export const loadModule: HandlerOf<'load-module'> = {
  async check() {
    // Loading a module that is loaded already does nothing, so there is no state to insist on.
  },

  async capture({ system }) {
    const loaded = (await system.list(LOADED)).kind === 'names'
    return beforeValues({ loaded: loaded ? 'yes' : null })
  },

  async apply({ system, log }, change) {
    const result = await system.run('modprobe', ['--', change.module], log)
    if (result.exitCode === 0) return
    throw new ProblemError('tool-failed', `modprobe ${change.module} failed: ${result.stderr.trim()}`, {
      hint: 'With Secure Boot, unsigned modules are refused; vfio-pci of the distribution is signed.',
    })
  },

  async revert({ system, log }, change, entry) {
    if (entry.before.values['loaded'] === 'yes') return REVERTED
    if ((await system.list(LOADED)).kind !== 'names') return REVERTED
    const result = await system.run('modprobe', ['-r', '--', change.module], log)
    if (result.exitCode === 0) return REVERTED
    return { note: `${change.module} is in use and stays loaded until the next reboot.`, regenerate: null }
  },
}
