import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    globalSetup: join(import.meta.dirname, 'own-tmp.ts'),
    include: ['{shared,electron,renderer,e2e}/**/*.test.{ts,tsx}'],
    dangerouslyIgnoreUnhandledErrors: false,
    testTimeout: 180_000,
  },
})
