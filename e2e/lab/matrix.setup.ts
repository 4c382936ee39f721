import { rm } from 'node:fs/promises'
import { test } from '@playwright/test'
import { ROWS } from './matrix.ts'

test('no line of an earlier run is left', async () => {
  await rm(ROWS, { recursive: true, force: true })
})
