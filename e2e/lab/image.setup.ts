import { test } from '@playwright/test'
import { prepareDisk } from './installed.ts'

test('the package is installed on the workstation image, or that disk is cached', async () => {
  await prepareDisk()
})
