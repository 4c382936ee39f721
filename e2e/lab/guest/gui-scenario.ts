import { existsSync } from 'node:fs'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { argv, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { DismissingAgent } from './agents/polkit-agent.ts'
import { answerNoMore, answerWith, asDesigner, program, PROJECT, withDisplay } from './designer.ts'
import { differences, driverOf, groupCount, hostState, note } from './evidence.ts'

const SHARE = '/mnt/share'
const BEFORE = '/var/lib/lab/before.json'
const FUNCTIONS = ['0000:01:00.0', '0000:01:00.1']
/** Tells lab-job that a reboot is under way. */
const GOES_ON = 75

/** A change asked for by the unprivileged user on the command line, with an agent that closes the dialog or without. */
async function applyAsDesigner(what: string, dismissing: boolean): Promise<void> {
  const agent = dismissing ? new DismissingAgent() : null
  const applying = program('apply', 'kernel')
  if (agent !== null && applying.pid !== undefined) await agent.register(applying.pid)
  const { exitCode, stderr } = await applying
  agent?.close()
  const written = await readFile('/etc/modules-load.d/passthrough-studio.conf', 'utf8').catch(() => null)
  await note(what, { exitCode, stderr, asked: agent?.asked ?? [], written })
}

/** The dialog dismissed, then authorization denied; for the clicks below a password is typed. */
async function refusals(): Promise<void> {
  await applyAsDesigner('polkit dismissed', true)
  await answerWith('NO')
  await applyAsDesigner('polkit denied', false)
  await answerNoMore()
}

async function observe(what: string): Promise<void> {
  const cmdline = (await readFile('/proc/cmdline', 'utf8')).trim()
  await note(what, { drivers: await Promise.all(FUNCTIONS.map(driverOf)), groups: await groupCount(), cmdline })
}

async function compare(what: string): Promise<void> {
  const before = JSON.parse(await readFile(BEFORE, 'utf8')) as Record<string, string>
  await note(what, differences(before, await hostState()))
}

/** Clicks through one boot's part of the scenario in the real window. Ends the run with its exit code on failure. */
async function click(boot: string): Promise<void> {
  await withDisplay(async () => {
    const clicks = await asDesigner('node', [`${PROJECT}/e2e/artifacts/lab-guest/gui-clicks.mjs`, boot])
    if (clicks.exitCode !== 0) exit(clicks.exitCode ?? 1)
  })
}

async function firstBoot(): Promise<never> {
  await execa('update-grub')
  // As on Ubuntu, whose menu only root may read.
  await chmod('/boot/grub/grub.cfg', 0o600)
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
