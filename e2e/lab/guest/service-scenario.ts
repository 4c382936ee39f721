import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { answerNoMore, program } from './designer.ts'
import { note } from './evidence.ts'
import { allowAll, DARK, prepareBoot, reboot, studio } from './verbs.ts'

const CARD = '0000:01:00.0'
/** logind's own list of what keeps the host awake. */
const LOGIND = ['org.freedesktop.login1', '/org/freedesktop/login1', 'org.freedesktop.login1.Manager']
const UNIT = vmUnit('designer')
const paths = vmPaths('designer')

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await done()) return
    await sleep(500)
  }
  throw new Error(`${what}: not within five minutes`)
}

async function serial(): Promise<string> {
  return readFile(paths.serialLog, 'utf8').catch(() => '')
}

async function state(): Promise<string> {
  const { stdout } = await execa('systemctl', ['show', '--property=ActiveState', '--value', UNIT])
  return stdout.trim()
}

const guestIsUp = async () => / end\r?$/mu.test(await serial())

/** What systemctl says to one of the two users of this machine. */
async function asUser(uid: number, ...words: string[]): Promise<{ exitCode: number; stderr: string }> {
  const id = String(uid)
  const drop = ['--reuid', id, '--regid', id, '--init-groups', '--', 'systemctl', '--no-ask-password']
  const { exitCode = -1, stderr } = await execa('setpriv', [...drop, ...words], { reject: false })
  return { exitCode, stderr }
}

/** From here on nobody types a password, and no rule of the lab's answers. */
async function withoutPassword(): Promise<void> {
  await studio('plan', 'cards', '--choice', JSON.stringify({ units: [{ address: CARD, when: 'boot' }] }))
  await studio('apply', 'bind', '--confirm', CARD.slice(5))
  const machine = { memoryMiB: 256, autostart: true, stopSeconds: 60, ...DARK }
  await studio('apply', 'definition', '--choice', JSON.stringify(machine))
  await answerNoMore()
  const { exitCode, stdout } = await studio('vm', 'start', '--json')
  await note('started by the app', { exitCode, state: await state(), report: stdout })
  await note('sleep', (await execa('busctl', ['call', ...LOGIND, 'ListInhibitors'])).stdout)
  await note('stopped by another user', { ...(await asUser(1001, 'stop', UNIT)), state: await state() })
  await note('another unit', await asUser(1000, 'stop', 'dbus.service'))
  await note('stopped by its user', {
    ...(await asUser(1000, 'stop', UNIT)),
    state: await state(),
    said: await serial(),
  })
  await note('node after the end', (await execa('stat', ['-c', '%u', '/dev/vfio/vfio', ...(await groups())])).stdout)
  await note('started by another user', { ...(await asUser(1001, 'start', UNIT)), state: await state() })
  await note('started by systemctl', { ...(await asUser(1000, 'start', UNIT)), state: await state() })
  await until('the guest is up', guestIsUp)
  await note('journal', (await execa('journalctl', ['-u', UNIT, '--no-pager', '-o', 'cat'])).stdout)
  await keepSerial()
  await reboot()
}

async function groups(): Promise<string[]> {
  const { stdout } = await execa('find', ['/dev/vfio', '-name', '[0-9]*'])
  return stdout.split('\n').filter((path) => path !== '')
}

/** What the guest says while the host goes down is kept outside, by a unit that stays to the end. */
async function keepSerial(): Promise<void> {
  const copy = 'exec tail -n +1 -F "$0" > /mnt/share/guest-serial.log'
  await execa('systemd-run', ['--property=DefaultDependencies=no', '--', '/bin/sh', '-c', copy, paths.serialLog])
  await sleep(2000)
}

async function startedAtBoot(): Promise<void> {
  await until('the VM is started at boot', async () => (await state()) === 'active')
  await until('the guest is up', guestIsUp)
  await note('started at boot', await state())
  await studio('vm', 'stop')
  await until('the VM is off', async () => (await state()) === 'inactive')
  // Somebody gives the card to nobody, so that the next start fails.
  await execa('sh', ['-c', `echo ${CARD} > /sys/bus/pci/drivers/vfio-pci/unbind`])
  const { exitCode } = await asUser(1000, 'start', UNIT)
  const told = await readFile(paths.said, 'utf8')
  await note('a start that fails', { exitCode, told, kept: existsSync(paths.failed) })
  await note('after that', JSON.parse((await program('vm', 'status', '--json')).stdout))
  await reboot()
}

async function notStartedAtBoot(): Promise<void> {
  await until('the host is up', async () => {
    const { stdout } = await execa('systemctl', ['is-system-running'], { reject: false })
    return ['running', 'degraded'].includes(stdout.trim())
  })
  await sleep(5000)
  await note('not started after that', await state())
  await rm('/etc/polkit-1/rules.d/10-lab.rules', { force: true })
  const { exitCode } = await studio('vm', 'start')
  await note('by hand again', exitCode)
  await studio('vm', 'stop')
  await until('the VM is off', async () => (await state()) === 'inactive')
  await note('mark after that', existsSync(paths.failed))
  await allowAll()
  await note('undo', (await studio('undo', '--all')).exitCode)
  const left = await execa('find', ['/etc/systemd/system', '/etc/polkit-1', '-name', '*passthrough-studio*'])
  await note('left', left.stdout)
}

const BOOTS = [prepareBoot, withoutPassword, startedAtBoot, notStartedAtBoot]
await BOOTS[Number(argv[2] ?? '1') - 1]?.()
