import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const MINUTE = 60_000
const lab = join(import.meta.dirname, 'lab')

const onImage = { dependencies: ['lab-image'], timeout: 75 * MINUTE }

/** Boot loader by initramfs generator, each pair really booted; the table is printed at the end. */
const matrix = {
  testDir: lab,
  testMatch: 'matrix.spec.ts',
  dependencies: ['matrix-setup'],
  fullyParallel: true,
  timeout: 75 * MINUTE,
}

export default defineConfig({
  globalSetup: join(import.meta.dirname, 'own-tmp.ts'),
  outputDir: join(import.meta.dirname, 'artifacts/test-results'),
  // Each lab machine keeps about one core busy, so two run side by side; windows are tested one at a time.
  workers: 2,
  reporter: [['list']],
  forbidOnly: true,
  reportSlowTests: null,
  projects: [
    {
      name: 'app',
      testDir: join(import.meta.dirname, 'window'),
      timeout: 2 * MINUTE,
      workers: 1,
      use: { trace: 'retain-on-failure' },
    },
    { name: 'tour', testDir: join(import.meta.dirname, 'tour'), timeout: 10 * MINUTE, workers: 1 },
    { name: 'bench', testDir: join(import.meta.dirname, 'bench'), timeout: 20 * MINUTE, workers: 1 },
    // Packages built, checked, and installed into empty systems: npm run test:package.
    { name: 'package', testDir: join(import.meta.dirname, 'package'), timeout: 60 * MINUTE, workers: 1 },
    { name: 'lab-image', testDir: lab, testMatch: 'image.setup.ts', timeout: 30 * MINUTE },
    { name: 'lab', testDir: lab, testMatch: '{cli,gui}.spec.ts', ...onImage },
    // Too long for every run: what is refused on the real kernel, three network managers cut off and killed, a VM,
    // the package updated, removed and purged, a checkout that installs its own helper, who may use a password,
    // and a TPM that AppArmor confines.
    {
      name: 'lab-more',
      testDir: lab,
      testMatch: [
        '{network,refusals,kills,cards,service,package,checkout,passwords}.spec.ts',
        '{units,tpm,selinux}/*.spec.ts',
      ],
      ...onImage,
    },
    // Start, prove and shut down again and again: npm run soak.
    { name: 'soak', testDir: lab, testMatch: 'soak*.spec.ts', ...onImage },
    { name: 'matrix-setup', testDir: lab, testMatch: 'matrix.setup.ts', teardown: 'matrix-table' },
    { name: 'matrix-table', testDir: lab, testMatch: 'matrix.teardown.ts' },
    { name: 'matrix', ...matrix },
  ],
})
