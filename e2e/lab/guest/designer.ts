import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { env } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'

export const PROJECT = '/mnt/project'
/** A rule of the lab's own. */
export const ANSWERS = '/etc/polkit-1/rules.d/10-lab.rules'
const DESIGNER = { uid: 1000, name: 'designer', home: '/home/designer' }

/** The installed program; a verb makes it the command line. */
export const PROGRAM = '/usr/bin/passthrough-studio'

/** A polkit rule that answers for the administrator where no password is to be typed. */
export async function answerWith(result: 'YES' | 'NO'): Promise<void> {
  const rule = `polkit.addRule(function (action, subject) {
  if (action.id.indexOf('org.passthrough-studio.') === 0 && subject.user === '${DESIGNER.name}') return polkit.Result.${result}
})\n`
  await writeFile(ANSWERS, rule)
  await noticed()
}

/** Takes the rule away: somebody has to answer again. */
export async function answerNoMore(): Promise<void> {
  await rm(ANSWERS, { force: true })
  await noticed()
}

/** polkitd notices a new rule by itself, a moment later. */
function noticed(): Promise<void> {
  return sleep(3000)
}

const RUNTIME = `/run/user/${DESIGNER.uid}`

/** What makes a program run as the unprivileged user, with a display and a runtime directory. */
function dropped(program: string, args: readonly string[]) {
  const { uid, home, name } = DESIGNER
  const words = ['--reuid', String(uid), '--regid', String(uid), '--init-groups', '--', program, ...args]
  const own = { HOME: home, USER: name, DISPLAY: ':9', XDG_RUNTIME_DIR: RUNTIME, PATH: env['PATH'] ?? '' }
  return { words, options: { env: own, extendEnv: false, reject: false, cwd: home } as const }
}

/** Runs a program as the unprivileged user; what it says is in the job's log. */
export function asDesigner(program: string, args: readonly string[]) {
  const { words, options } = dropped(program, args)
  return execa('setpriv', words, { ...options, stdout: 'inherit', stderr: 'inherit' })
}

/**
 * A shell of the unprivileged user that waits for a line on its input before it runs `script` with these words, so that
 * an authentication agent can be registered for it first. It keeps its process id when `script` is one `exec`.
 */
export function asDesignerWaiting(script: string, args: readonly string[]) {
  const { words, options } = dropped('/bin/sh', ['-c', `read begin; ${script}`, 'sh', ...args])
  return execa('setpriv', words, { ...options, stdin: 'pipe' })
}

/** Runs the installed program as the unprivileged user, and hears what it says. */
export function program(...args: string[]) {
  const { words, options } = dropped(PROGRAM, args)
  return execa('setpriv', words, options)
}

/** Runs the installed program as root, as an administrator at a console does. */
export function programAsRoot(...args: string[]) {
  return execa(PROGRAM, args, { env: { HOME: '/root', PATH: env['PATH'] ?? '' }, extendEnv: false, reject: false })
}

/** A display for the unprivileged user while `work` goes on. */
export async function withDisplay(work: () => Promise<void>): Promise<void> {
  await mkdir(RUNTIME, { recursive: true, mode: 0o700 })
  await chown(RUNTIME, DESIGNER.uid, DESIGNER.uid)
  const display = asDesigner('Xvfb', [':9', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'])
  await sleep(3000)
  await work()
  display.kill()
}
