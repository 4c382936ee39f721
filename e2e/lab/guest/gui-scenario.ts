import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { argv, env, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { differences, driverOf, groupCount, hostState, note } from './evidence.ts'
import { DismissingAgent } from './polkit-agent.ts'

const PROJECT = '/mnt/project'
const SHARE = '/mnt/share'
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
}

/** A polkit rule that answers for the administrator: nobody is there to type a password. */
async function answerWith(result: 'YES' | 'NO'): Promise<void> {
  const rule = `polkit.addRule(function (action, subject) {
  if (action.id === 'org.passthrough-studio.helper' && subject.user === '${DESIGNER.name}') return polkit.Result.${result}
})\n`
  await writeFile('/etc/polkit-1/rules.d/10-lab.rules', rule)
  // polkitd notices a new rule by itself, a moment later.
  await sleep(3000)
}

/** A change asked for by the unprivileged user on the command line, with an agent that closes the dialog or without. */
async function applyAsDesigner(what: string, dismissing: boolean): Promise<void> {
  const agent = dismissing ? new DismissingAgent() : null
  const applying = asDesigner('node', [`${PROJECT}/dist/cli.js`, 'apply', 'kernel'], 'pipe')
  if (agent !== null && applying.pid !== undefined) await agent.register(applying.pid)
  const { exitCode, stderr } = await applying
  agent?.close()
  const written = await readFile('/etc/modules-load.d/passthrough-studio.conf', 'utf8').catch(() => null)
  await note(what, { exitCode, stderr, asked: agent?.asked ?? [], written })
}

/** The dialog dismissed, then authorization denied; allowed is what the clicks below do. */
async function refusals(): Promise<void> {
  await applyAsDesigner('polkit dismissed', true)
  await answerWith('NO')
  await applyAsDesigner('polkit denied', false)
  await answerWith('YES')
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
function asDesigner(program: string, args: string[], output: 'inherit' | 'pipe' = 'inherit') {
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
  // As on Ubuntu, whose menu only root may read.
  await chmod('/boot/grub/grub.cfg', 0o600)
  await installHelper()
  await refusals()
  await writeFile(BEFORE, JSON.stringify(await hostState()))
  await observe('boot 1')
  await click('1')
  exit(GOES_ON)
}

/** Takes a function from its driver and gives it back while the window looks on; the clicks say when. */
async function moveWhenAsked(): Promise<void> {
  const [, audio = ''] = FUNCTIONS
  await asked('unbind')
  await writeFile(`/sys/bus/pci/devices/${audio}/driver/unbind`, audio)
  await asked('bind')
  await writeFile('/sys/bus/pci/drivers_probe', audio)
}

async function asked(what: string): Promise<void> {
  while (!existsSync(`${SHARE}/asked-${what}`)) await sleep(300)
}

async function secondBoot(): Promise<never> {
  await observe('boot 2')
  const moving = moveWhenAsked()
  await click('2')
  await moving
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
