import { test } from '@playwright/test'
import { labImage } from './image.ts'

test('the workstation image is built or cached', async () => {
  await labImage('workstation')
})
