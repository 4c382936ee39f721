import { test } from '@playwright/test'
import { emulator } from './emulator.ts'
import { labImage } from './image.ts'

test('the emulator and the workstation image are built or cached', async () => {
  await emulator()
  await labImage('workstation')
})
