import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordingOf } from '#host/simulated/description.ts'
import { largeServer } from '../hosts/large-server.ts'
import { descriptionOf } from '../hosts/machine.ts'
import { type Line, median, ms, quantile } from './lines.ts'
import { BARE, StartedApp, STUDIO } from './started-app.ts'

const DEVICES = 400
const ROUNDS = 3
/** Two frames at 60 Hz: a longer wait is seen. */
const SEEN_MS = 34

/** Run in a page: opens what scrolls, scrolls it for 4 s by 80 pixels a frame, and gives the time between frames. */
const scrolled = async () => {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const until = async (find: () => Element | null | undefined) => {
    for (;;) {
      const found = find()
      if (found) return found
      await frame()
    }
  }
  const bare = document.getElementById('list')
  bare?.append(
    ...Array.from({ length: 400 }, (_, index) => {
      const row = document.createElement('div')
      row.textContent = `Row ${index} of a plain list`
      row.style.height = '32px'
      return row
    }),
  )
  if (bare === null) {
    const entry = await until(() =>
      Array.from(document.querySelectorAll('nav [role="button"]')).find((each) => each.textContent === 'Devices'),
    )
    ;(entry as HTMLElement).click()
    await until(() => document.querySelector('[role="row"][data-rowindex="1"]'))
  }
  const scroller = bare ?? (await until(() => document.querySelector('.MuiDataGrid-virtualScroller')))
  let last = await frame()
  const end = last + 4000
  const deltas: number[] = []
  let step = 80
  while (last < end) {
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) step = -80
    if (scroller.scrollTop <= 0) step = 80
    scroller.scrollTop += step
    const now = await frame()
    deltas.push(now - last)
    last = now
  }
  return deltas
}

async function deltasOf(app: string, switches: readonly string[]): Promise<number[]> {
  const started = await StartedApp.start(app, switches)
  try {
    return await started.ofPage(scrolled)
  } finally {
    await started.end()
  }
}

/** Frames of the Devices panel with 400 functions, beside a plain list of 400 rows in a bare window. */
export async function scrolling(): Promise<Line[]> {
  const host = await mkdtemp(join(tmpdir(), 'bench-host-'))
  const ours: number[] = []
  const theirs: number[] = []
  try {
    await writeFile(join(host, 'host.json'), JSON.stringify(recordingOf(descriptionOf(largeServer(DEVICES)))))
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(...(await deltasOf(BARE, [])))
      ours.push(...(await deltasOf(STUDIO, [`--studio-host=dir:${host}`])))
    }
  } finally {
    await rm(host, { recursive: true, force: true })
  }
  return [
    frameLine('median', median(ours), median(theirs)),
    frameLine('95 of 100 within', quantile(ours, 0.95), quantile(theirs, 0.95)),
    lateLine(ours, theirs),
  ]
}

function frameLine(what: string, ours: number, theirs: number): Line {
  return {
    what: `scrolling ${DEVICES} devices, time between frames: ${what}`,
    ours: ms(ours),
    theirs: `${ms(theirs)} plain list`,
    ratio: ours / theirs,
    target: `smooth (<= ${SEEN_MS} ms)`,
    met: ours <= SEEN_MS,
  }
}

function lateLine(ours: readonly number[], theirs: readonly number[]): Line {
  const late = (deltas: readonly number[]) => deltas.filter((delta) => delta > SEEN_MS).length
  return {
    what: `scrolling ${DEVICES} devices, frames later than ${SEEN_MS} ms`,
    ours: `${late(ours)} of ${ours.length}`,
    theirs: `${late(theirs)} of ${theirs.length} plain list`,
    ratio: null,
    target: 'under 1 in 20',
    met: late(ours) < ours.length / 20,
  }
}
