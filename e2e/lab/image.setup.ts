import { test } from '@playwright/test'
import { workstationImage } from './image.ts'

test('the workstation image is built or cached', async () => {
  await workstationImage()
})
