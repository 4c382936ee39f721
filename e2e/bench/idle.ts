import { env } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStudio } from '../window/launch.ts'
import { walkPaper } from '../window/pages/paper-walk.ts'
import { TrayWatcher } from '../window/tray-watcher.ts'
import { type Line } from './lines.ts'
import { cpuSeconds, memoryBytes } from './processes.ts'
import { BARE, StartedApp } from './started-app.ts'

const WATCHED_MS = 60_000
/** After the window has closed its processes still end. */
const SETTLED_MS = 5_000
const LIMIT_PERCENT = 0.5

interface Idle {
  percent: number
  mebibytes: number
  processes: number
}

async function watch(pid: number): Promise<Idle> {
  const before = await cpuSeconds(pid)
  await sleep(WATCHED_MS)
  const seconds = (await cpuSeconds(pid)) - before
  const { bytes, processes } = await memoryBytes(pid)
  return { percent: (seconds / (WATCHED_MS / 1000)) * 100, mebibytes: bytes / 1024 ** 2, processes }
}

/** Both with their windows closed, during the same minute: ours in the tray with the simulated VM running. */
async function watchBoth(): Promise<[Idle, Idle]> {
  const tray = new TrayWatcher()
  await tray.start()
  const studio = await openStudio('paper')
  const bare = await StartedApp.start(BARE)
  try {
    await walkPaper(studio)
    await tray.item()
    await bare.ofPage(() => Promise.resolve(window.close()))
    await studio.desktop.hide()
    await sleep(SETTLED_MS)
    return await Promise.all([watch(studio.desktop.pid()), watch(bare.pid)])
  } finally {
    await bare.end()
    await studio.close()
    tray.stop()
  }
}

/** Processor and memory of the hidden app over a minute, from /proc, all its processes together. */
export async function hidden(): Promise<Line[]> {
  if (env['DBUS_SESSION_BUS_ADDRESS'] === undefined) throw new Error('there is no session bus')
  const [ours, theirs] = await watchBoth()
  return [
    {
      what: 'hidden in the tray for 60 s, VM running (simulated): processor',
      ours: `${ours.percent.toFixed(2)} % of a core`,
      theirs: `${theirs.percent.toFixed(2)} % bare Electron, window closed`,
      ratio: theirs.percent === 0 ? null : ours.percent / theirs.percent,
      target: `< ${LIMIT_PERCENT} %`,
      met: ours.percent < LIMIT_PERCENT,
    },
    {
      what: 'hidden in the tray for 60 s, VM running (simulated): memory',
      ours: `${ours.mebibytes.toFixed(0)} MiB in ${ours.processes} processes`,
      theirs: `${theirs.mebibytes.toFixed(0)} MiB in ${theirs.processes} bare Electron`,
      ratio: ours.mebibytes / theirs.mebibytes,
      target: 'reported',
      met: null,
    },
  ]
}
