import { rm } from 'node:fs/promises'
import { test } from '@playwright/test'
import { emulator } from './emulator.ts'
import { ROWS } from './matrix.ts'

test('the emulator is there, and no line of an earlier run', async () => {
  await emulator()
  await rm(ROWS, { recursive: true, force: true })
})
