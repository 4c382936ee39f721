import { once } from 'node:events'
import { exit } from 'node:process'
import { PasswordAgent } from './agents/password-agent.ts'
import { DismissingAgent } from './agents/polkit-agent.ts'
import { asDesignerWaiting, PROGRAM } from './designer.ts'
import { note } from './evidence.ts'

const HELPER = '/usr/libexec/passthrough-studio/helper'
/** Changes nothing, so that whoever gets through is seen by the exit code alone. */
const ASKS = JSON.stringify({ id: 1, kind: 'read-closed' })

/** What a process of the user got from pkexec when its dialog, if there was one, was closed. */
interface Attempt {
  exitCode: number
  asked: string[]
}

/** Runs one verb of the program; somebody types an administrator's password into its dialog. */
async function approved(...words: string[]): Promise<void> {
  const waiting = asDesignerWaiting('exec "$@"', [PROGRAM, ...words])
  const agent = new PasswordAgent(waiting.pid ?? -1, 'lab')
  const { exitCode = -1, stderr } = await begun(waiting)
  await note(words.join(' '), { exitCode, stderr, dialogs: agent.dialogs() })
  agent.close()
}

/** Another process of the same user starts the helper by itself; its dialog is closed unread. */
async function attempt(what: string, verb: string): Promise<void> {
  const waiting = asDesignerWaiting(`echo '${ASKS}' | pkexec "$@"`, [HELPER, verb])
  const agent = new DismissingAgent()
  await agent.register(waiting.pid ?? -1)
  const { exitCode = -1 } = await begun(waiting)
  const found: Attempt = { exitCode, asked: agent.asked }
  await note(what, found)
  agent.close()
}

/** As in a terminal: the process whose helper was approved starts another one, which polkit sees as its brother. */
async function fromTheSameParent(): Promise<void> {
  const run = `echo '${ASKS}' | pkexec ${HELPER} read-closed; echo "first $?"; read again; ${[
    'read-closed',
    'apply-boot',
    'undo',
    'reboot',
  ]
    .map((verb) => `echo '${ASKS}' | pkexec ${HELPER} ${verb} >/dev/null; echo "${verb} $?"`)
    .join('; ')}`
  const waiting = asDesignerWaiting(run, [])
  const approving = new PasswordAgent(waiting.pid ?? -1, 'lab')
  const first = said(waiting, 'first ')
  waiting.stdin.write('go\n')
  await first
  const dialogs = approving.dialogs()
  approving.close()
  const dismissing = new DismissingAgent()
  await dismissing.register(waiting.pid ?? -1)
  const { stdout } = await begun(waiting)
  await note('from the same parent', { dialogs, asked: dismissing.asked, stdout })
  dismissing.close()
}

type Waiting = ReturnType<typeof asDesignerWaiting>

/** Lets a process that waits for a line go on, and waits for its end. */
async function begun(waiting: Waiting) {
  waiting.stdin.end('go\n')
  return waiting
}

async function said(waiting: Waiting, words: string): Promise<void> {
  let text = ''
  while (!text.includes(words)) {
    const [chunk] = (await once(waiting.stdout, 'data')) as [Buffer]
    text += chunk.toString('utf8')
  }
}

try {
  await approved('apply', 'kernel')
  await attempt('another process, the same action', 'apply-kernel')
  await attempt('another process, another action', 'read-closed')
  await approved('apply', 'boot')
  await fromTheSameParent()
  await approved('undo', '--all')
} catch (thrown) {
  await note('failure', thrown instanceof Error ? thrown.stack : String(thrown))
  exit(1)
}
