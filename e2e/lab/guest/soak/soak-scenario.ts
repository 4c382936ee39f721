import { argv } from 'node:process'
import { note } from '../evidence.ts'
import { consoleAnswers } from '../guest-console.ts'
import { affinities, availableMiB, cpusets, hugePages, leftovers } from '../leftovers.ts'
import { DARK, prepareVm, studio } from '../verbs.ts'

const ROUNDS = Number(argv[3] ?? '1')

async function timed(...verb: string[]): Promise<{ exitCode: number; seconds: number; stdout: string }> {
  const start = Date.now()
  const { exitCode, stdout } = await studio(...verb)
  return { exitCode, stdout, seconds: Math.round((Date.now() - start) / 100) / 10 }
}

/** Start, console, proof, shut down; then what is left. */
async function round(number: number): Promise<void> {
  const start = await timed('vm', 'start')
  const answers = await consoleAnswers()
  const huge = await hugePages()
  if (number === 1) await note('affinities', await affinities())
  if (number === 1) await note('cpusets', await cpusets())
  const prove = await timed('vm', 'prove', '--json')
  const stop = await timed('vm', 'stop', '--json')
  const { report } = JSON.parse(prove.stdout) as { report: { source: string; functions: unknown[] } | null }
  const { status } = JSON.parse(stop.stdout) as { status: { state: string; error: string | null } }
  await note('round', {
    number,
    exitCodes: [start.exitCode, prove.exitCode, stop.exitCode],
    seconds: [start.seconds, prove.seconds, stop.seconds],
    console: answers,
    source: report?.source ?? null,
    ended: status.state,
    huge,
    availableMiB: await availableMiB(),
    left: await leftovers(),
  })
}

// Two processors are all this machine has, so pinning has to be asked for; pinned memory costs time under emulation.
await prepareVm({ memoryMiB: 256, pin: true, setApart: true, hugePages: true, ...DARK })
await note('before', { left: await leftovers(), availableMiB: await availableMiB() })
for (let number = 1; number <= ROUNDS; number++) await round(number)
