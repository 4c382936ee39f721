import { join } from 'node:path'
import { build } from 'vite'

const ROOT = join(import.meta.dirname, '../..')

/** Bundles the scripts that run inside the guest, so that it need not compile anything under emulation. */
export async function bundleGuest(
  entry:
    | 'cli-scenario'
    | 'matrix-scenario'
    | 'gui-scenario'
    | 'gui-clicks'
    | 'network-scenario'
    | 'refusals-scenario'
    | 'soak/soak-scenario'
    | 'soak/soak-window-scenario'
    | 'soak/soak-window-clicks'
    | 'kills-scenario'
    | 'cards-scenario'
    | 'units/units-scenario'
    | 'units/moved-scenario'
    | 'units/virtual-functions-scenario'
    | 'units/start-cost-scenario'
    | 'package-scenario'
    | 'checkout-scenario'
    | 'passwords-scenario'
    | 'service-scenario'
    | 'tpm-scenario'
    | 'selinux/selinux-scenario',
): Promise<string> {
  const outDir = join(ROOT, 'e2e/artifacts/lab-guest')
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['playwright', 'dbus-next'], target: 'node' },
    build: {
      ssr: join(import.meta.dirname, 'guest', `${entry}.ts`),
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: `${entry}.mjs`, codeSplitting: false } },
    },
  })
  return `/mnt/project/e2e/artifacts/lab-guest/${entry}.mjs`
}
