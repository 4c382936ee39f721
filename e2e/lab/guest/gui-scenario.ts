import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { argv, env, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { differences, driverOf, groupCount, hostState, note } from './evidence.ts'

const PROJECT = '/mnt/project'
const BEFORE = '/var/lib/lab/before.json'
const LIBEXEC = '/usr/libexec/passthrough-studio'
const FUNCTIONS = ['0000:01:00.0', '0000:01:00.1']
const DESIGNER = { uid: 1000, name: 'designer', home: '/home/designer' }
/** Tells lab-job that a reboot is under way. */
const GOES_ON = 75

/** What a package would install: the helper at its fixed path, and its polkit action. */
async function installHelper(): Promise<void> {
  await mkdir(LIBEXEC, { recursive: true })
  await copyFile(`${PROJECT}/dist/helper.cjs`, `${LIBEXEC}/helper.cjs`)
  await writeFile(`${LIBEXEC}/helper`, `#!/bin/sh\nexec /mnt/node/bin/node ${LIBEXEC}/helper.cjs\n`)
  await chmod(`${LIBEXEC}/helper`, 0o755)
  await copyFile(
    `${PROJECT}/assets/linux/org.passthrough-studio.policy`,
    '/usr/share/polkit-1/actions/org.passthrough-studio.policy',
  )
  // Stands in for the administrator's password: nobody is there to type it.
  const rule = `polkit.addRule(function (action, subject) {
  if (action.id === 'org.passthrough-studio.helper' && subject.user === '${DESIGNER.name}') return polkit.Result.YES
})\n`
  await writeFile('/etc/polkit-1/rules.d/10-lab.rules', rule)
}

async function observe(what: string): Promise<void> {
  const cmdline = (await readFile('/proc/cmdline', 'utf8')).trim()
  await note(what, { drivers: await Promise.all(FUNCTIONS.map(driverOf)), groups: await groupCount(), cmdline })
}

async function compare(what: string): Promise<void> {
  const before = JSON.parse(await readFile(BEFORE, 'utf8')) as Record<string, string>
  await note(what, differences(before, await hostState()))
}

const RUNTIME = `/run/user/${DESIGNER.uid}`

/** Runs a program as the unprivileged user, with a display and a runtime directory. */
function asDesigner(program: string, args: string[]) {
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
    stdout: 'inherit',
    stderr: 'inherit',
    cwd: DESIGNER.home,
  })
}

/** Clicks through one boot's part of the scenario in the real window. Ends the run with its exit code on failure. */
async function click(boot: string): Promise<void> {
  await mkdir(RUNTIME, { recursive: true, mode: 0o700 })
  await chown(RUNTIME, DESIGNER.uid, DESIGNER.uid)
  const display = asDesigner('Xvfb', [':9', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'])
  await sleep(3000)
  const clicks = await asDesigner('node', [`${PROJECT}/e2e/artifacts/lab-guest/gui-clicks.mjs`, boot, argv[3] ?? ''])
  if (clicks.exitCode !== 0) exit(clicks.exitCode ?? 1)
  void display
}

async function firstBoot(): Promise<never> {
  await execa('update-grub')
  await installHelper()
  await writeFile(BEFORE, JSON.stringify(await hostState()))
  await observe('boot 1')
  await click('1')
  exit(GOES_ON)
}

async function secondBoot(): Promise<never> {
  await observe('boot 2')
  await click('2')
  await compare('undone')
  await execa('systemctl', ['reboot'])
  exit(GOES_ON)
}

async function thirdBoot(): Promise<void> {
  await observe('boot 3')
  await compare('after everything')
}

const boots = [firstBoot, secondBoot, thirdBoot]
await boots[Number(argv[2]) - 1]?.()
