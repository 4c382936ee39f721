import { type Line, median, ms } from './lines.ts'
import { BARE, StartedApp, STUDIO } from './started-app.ts'

const ROUNDS = 7

/** Run in a page: Unix time in milliseconds of its first paint with content, as it kept it (Paint Timing). */
const firstPaint = () =>
  new Promise<number>((resolve) => {
    new PerformanceObserver((list) => {
      for (const { name, startTime } of list.getEntries())
        if (name === 'first-contentful-paint') resolve(performance.timeOrigin + startTime)
    }).observe({ type: 'paint', buffered: true })
  })

/** The same for the first screen that can be used: the first paint of something large in a page, beside the rail. */
const usable = () =>
  new Promise<number>((resolve) => {
    new PerformanceObserver((list) => {
      const seen = list.getEntries() as (PerformanceEntry & { element: Element | null })[]
      const inPage = seen.find(({ element }) => element?.closest('main, nav'))
      if (inPage !== undefined) resolve(performance.timeOrigin + inPage.startTime)
    }).observe({ type: 'largest-contentful-paint', buffered: true })
  })

async function measure(app: string, switches: readonly string[], what: readonly (() => Promise<number>)[]) {
  const started = await StartedApp.start(app, switches)
  try {
    const times: number[] = []
    for (const each of what) times.push((await started.ofPage(each)) - started.startedAt)
    return times
  } finally {
    await started.end()
  }
}

/** From the start of the process to a page that can be used, beside a window with one line of text. */
export async function firstScreen(): Promise<Line[]> {
  const bare: number[] = []
  const painted: number[] = []
  const used: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const [theirs = NaN] = await measure(BARE, [], [firstPaint])
    const [first = NaN, second = NaN] = await measure(STUDIO, ['--studio-host=real'], [firstPaint, usable])
    bare.push(theirs)
    painted.push(first)
    used.push(second)
  }
  const beside = median(bare)
  const line = (what: string, values: readonly number[]): Line => ({
    what,
    ours: ms(median(values)),
    theirs: `${ms(beside)} bare Electron window`,
    ratio: median(values) / beside,
    target: 'before virt-manager (not compared here)',
    met: null,
  })
  return [line('start to first paint', painted), line('start to the first usable screen, this host', used)]
}
