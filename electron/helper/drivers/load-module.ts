import { problemOf } from '#shared/base/problem.ts'
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
    const result = await system
      .run('modprobe', ['-r', '--', change.module], { onLine: log, expect: [0, 1] })
      .catch((thrown: unknown) => {
        log(problemOf(thrown).message)
        return null
      })
    if (result?.exitCode === 0) return REVERTED
    const why = result === null ? '' : ': it is in use'
    return { note: `${change.module} stays loaded until the next reboot${why}.`, regenerate: null }
  },
}
