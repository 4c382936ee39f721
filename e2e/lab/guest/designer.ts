import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { env } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'

export const PROJECT = '/mnt/project'
const LIBEXEC = '/usr/libexec/passthrough-studio'
const DESIGNER = { uid: 1000, name: 'designer', home: '/home/designer' }

/** What a package would install: the helper at its fixed path, and its polkit action. */
export async function installHelper(): Promise<void> {
  await mkdir(LIBEXEC, { recursive: true })
  await copyFile(`${PROJECT}/dist/helper.cjs`, `${LIBEXEC}/helper.cjs`)
  await writeFile(`${LIBEXEC}/helper`, `#!/bin/sh\nexec /mnt/node/bin/node ${LIBEXEC}/helper.cjs\n`)
  await chmod(`${LIBEXEC}/helper`, 0o755)
  await copyFile(
    `${PROJECT}/assets/linux/org.passthrough-studio.policy`,
    '/usr/share/polkit-1/actions/org.passthrough-studio.policy',
  )
}

/** A polkit rule that answers for the administrator: nobody is there to type a password. */
export async function answerWith(result: 'YES' | 'NO'): Promise<void> {
  const rule = `polkit.addRule(function (action, subject) {
  if (action.id === 'org.passthrough-studio.helper' && subject.user === '${DESIGNER.name}') return polkit.Result.${result}
})\n`
  await writeFile('/etc/polkit-1/rules.d/10-lab.rules', rule)
  // polkitd notices a new rule by itself, a moment later.
  await sleep(3000)
}

const RUNTIME = `/run/user/${DESIGNER.uid}`

/** Runs a program as the unprivileged user, with a display and a runtime directory. */
export function asDesigner(program: string, args: string[], output: 'inherit' | 'pipe' = 'inherit') {
  const drop = [
    '--reuid',
    String(DESIGNER.uid),
    '--regid',
    String(DESIGNER.uid),
    '--init-groups',
    '--',
    program,
    ...args,
  ]
  const own = {
    HOME: DESIGNER.home,
    USER: DESIGNER.name,
    DISPLAY: ':9',
    XDG_RUNTIME_DIR: RUNTIME,
    PATH: env['PATH'] ?? '',
  }
  return execa('setpriv', drop, {
    env: own,
    extendEnv: false,
    reject: false,
    stdout: output,
    stderr: output,
    cwd: DESIGNER.home,
  })
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
