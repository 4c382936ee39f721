import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { test } from '@playwright/test'
import { ARTIFACTS } from '../window/launch.ts'
import { againstLspci, bySize } from './facts.ts'
import { firstScreen } from './first-screen.ts'
import { scrolling } from './frames.ts'
import { guestMemory } from './guest-memory.ts'
import { hidden } from './idle.ts'
import { type Line, part, table } from './lines.ts'
import { startOverhead } from './vm-start.ts'

const PARTS: readonly (readonly [string, () => Promise<Line[]>])[] = [
  ['full facts of this host', againstLspci],
  ['facts by number of devices', bySize],
  ['first screen', firstScreen],
  ['scrolling 400 devices', scrolling],
  ['starting a VM', startOverhead],
  ['memory of a guest', guestMemory],
  ['hidden in the tray', hidden],
]

const lines: Line[] = []

for (const [what, measure] of PARTS) {
  test(what, async () => {
    lines.push(...(await part(what, measure)))
  })
}

test.afterAll(async () => {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`
  console.log(`\nOn ${machine}. Everything side by side in this run; numbers are medians.\n\n${table(lines)}\n`)
  await mkdir(ARTIFACTS, { recursive: true })
  const report = { at: new Date().toISOString(), machine, lines }
  await writeFile(join(ARTIFACTS, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`)
})
