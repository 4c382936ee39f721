import { rm } from 'node:fs/promises'
import { test } from '@playwright/test'
import { standInDeb } from '#tools/package.mjs'
import { ROWS } from './matrix.ts'

test('no result of an earlier run is left', async () => {
  await rm(ROWS, { recursive: true, force: true })
})

test('the package is built or still good', async () => {
  await standInDeb()
})
