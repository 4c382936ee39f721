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
    const hint = 'With Secure Boot, unsigned modules are refused; vfio-pci of the distribution is signed.'
    await system.run('modprobe', ['--', change.module], { onLine: log, hint })
  },

  async revert({ system, log }, change, entry) {
    if (entry.before.values['loaded'] === 'yes') return REVERTED
    if ((await system.list(LOADED)).kind !== 'names') return REVERTED
    // 1 is all that modprobe says of a module in use (kmod, tools/modprobe.c).
    const { exitCode } = await system.run('modprobe', ['-r', '--', change.module], { onLine: log, expect: [0, 1] })
    if (exitCode === 0) return REVERTED
    return { note: `${change.module} is in use and stays loaded until the next reboot.`, regenerate: null }
  },
}
