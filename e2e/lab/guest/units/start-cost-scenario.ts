import { argv, stderr, stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { z } from 'zod'
import { openSession } from '#app/session/session.ts'
import { Studio } from '#app/studio.ts'
import { lockedKiB, vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { asDesignerWaiting, program } from '../designer.ts'
import { note } from '../evidence.ts'
import { DARK, prepareBoot, prepareVm } from '../verbs.ts'

const ROUNDS = 5
const MEMORY_MIB = 256
const NAME = 'designer'
const UNIT = vmUnit(NAME)
const USER = '1000'
const LIMIT_MS = 300_000
const paths = vmPaths(NAME)
const answer = z.looseObject({ status: z.string() })

/** Until the guest runs, in milliseconds; by the second monitor, which the app leaves alone meanwhile. */
async function untilRuns(begin: () => void): Promise<number> {
  const from = performance.now()
  begin()
  while (performance.now() - from < LIMIT_MS) {
    const status = await withQmp(paths.events, LIMIT_MS, (client) => client.command('query-status')).catch(() => null)
    if (answer.safeParse(status).data?.status === 'running') return performance.now() - from
    await sleep(20)
  }
  throw new Error('The guest does not run')
}

async function quit(): Promise<void> {
  await withQmp(paths.events, LIMIT_MS, (client) => client.command('quit')).catch(() => undefined)
}

/** As an administrator does without this program: root's part, then the script as its user. */
async function byHand(): Promise<number> {
  const lock = lockedKiB(MEMORY_MIB) * 1024
  const drop = `prlimit --memlock=${lock}:${lock} setpriv --reuid ${USER} --regid ${USER} --init-groups -- /bin/sh ${paths.script}`
  let ended: Promise<unknown> = Promise.resolve()
  const took = await untilRuns(() => {
    ended = execa('/bin/sh', ['-c', `/bin/sh ${paths.host} take && ${drop}`], { reject: false })
  })
  await quit()
  await ended
  await execa('/bin/sh', [paths.host, 'end'], { reject: false })
  return took
}

/** By systemd alone, as the VM's user. */
async function byUnit(): Promise<number> {
  const words = ['--reuid', USER, '--regid', USER, '--init-groups', '--', 'systemctl', 'start', UNIT]
  let started: Promise<unknown> = Promise.resolve()
  const took = await untilRuns(() => {
    started = execa('setpriv', words)
  })
  await started
  await quit()
  await untilOff()
  return took
}

async function untilOff(): Promise<void> {
  for (;;) {
    const { stdout: state } = await execa('systemctl', ['show', '--property=ActiveState', '--value', UNIT])
    if (['inactive', 'failed'].includes(state.trim())) break
    await sleep(200)
  }
}

/** The command line, which comes up and looks at the host first; it is not waited for, as it waits for the guest. */
async function byCommand(): Promise<number> {
  const running: { kill: () => unknown }[] = []
  const took = await untilRuns(() => running.push(program('vm', 'start')))
  await quit()
  await untilOff()
  for (const command of running) command.kill()
  return took
}

/** The program as window and tray have it: open, with a host that it has looked at. Says what it did, a line each. */
async function openApp(directory: string): Promise<void> {
  const studio = new Studio(await openSession('real', directory))
  await studio.open()
  stdout.write('open\n')
  for await (const line of createInterface({ input: stdin })) {
    const from = performance.now()
    if (line === 'look') await studio.recheck()
    // Its guest is made to quit before it has told of its card.
    if (line === 'start') await studio.startVm(NAME).catch(() => undefined)
    stdout.write(`${performance.now() - from}\n`)
  }
}

/** Times the three ways in turn, so that what else goes on is on all of them. */
async function measure(): Promise<void> {
  await prepareVm({ memoryMiB: MEMORY_MIB, ...DARK })
  const app = asDesignerWaiting(`exec node "$1" app /usr/lib/passthrough-studio`, [argv[1] ?? ''])
  app.stderr.pipe(stderr)
  const lines = createInterface({ input: app.stdout })[Symbol.asyncIterator]()
  const said = async () => String((await lines.next()).value)
  app.stdin.write('begin\n')
  await note('app', await said())
  for (let round = 0; round < ROUNDS; round += 1) {
    await note('by hand', await byHand())
    await note('by unit', await byUnit())
    app.stdin.write('look\n')
    await note('look', Number(await said()))
    await note(
      'by app',
      await untilRuns(() => {
        app.stdin.write('start\n')
      }),
    )
    await quit()
    await said()
    await untilOff()
    await note('by command', await byCommand())
  }
  app.stdin.end()
  await app
}

if (argv[2] === 'app') await openApp(argv[3] ?? '')
else await [prepareBoot, measure][Number(argv[2] ?? '1') - 1]?.()
