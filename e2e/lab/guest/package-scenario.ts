import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { AboutPage } from '#e2e/window/pages/about-page.ts'
import { loadVfio } from '#e2e/window/pages/paper-walk.ts'
import { asDesigner, PROGRAM, program, withDisplay } from './designer.ts'
import { differences, hostState, note } from './evidence.ts'
import { attach, CLICKABLE, mainProcesses } from './installed-window.ts'
import { allowAll, studio } from './verbs.ts'

const [, , , older = '', current = ''] = argv
const NAME = 'passthrough-studio'
const DATA = '/var/lib/passthrough-studio'
const GUARD = '/run/passthrough-studio/network-guard.json'
const DISK = `${DATA}/vms/designer/disk.qcow2`

async function apt(what: string, ...words: string[]): Promise<void> {
  const { exitCode = -1, all } = await execa('apt-get', ['--yes', '--no-install-recommends', ...words], {
    reject: false,
    all: true,
  })
  await note(what, { exitCode, said: all, there: existsSync(PROGRAM) })
}

async function journalDigest(): Promise<string> {
  return createHash('sha256')
    .update(await readFile(`${DATA}/journal.jsonl`))
    .digest('hex')
}

/** Step 2 is applied in the window of the older version, which stays open while the newer one is installed. */
async function updateUnderAnOpenWindow(): Promise<void> {
  const window = asDesigner(PROGRAM, [CLICKABLE])
  const old = await attach()
  await loadVfio(old)
  await old.notice.waitUntilIdle()
  const before = { host: await hostState(), journal: await journalDigest() }
  await apt('update', 'install', current)
  const changed = differences(before.host, await hostState())
  await note('update changed', { changed, journalSame: (await journalDigest()) === before.journal })
  await old.waitForText('was updated since this was started')
  await old.camera.take('/mnt/share/updated.png')
  const [pid = -1] = await mainProcesses()
  await old.press('Restart now')
  await window
  while ((await mainProcesses()).includes(pid)) await sleep(300)
  const fresh = await attach()
  await new AboutPage(fresh).open()
  await fresh.waitForText('an installed package')
  await fresh.camera.take('/mnt/share/about.png')
  await note('restarted', await fresh.page.getByRole('main').innerText())
  for (const one of await mainProcesses()) process.kill(one)
}

/** The program stays while something still needs it. */
async function refusedRemovals(): Promise<void> {
  await writeFile(GUARD, '{}')
  await apt('remove while a network waits', 'remove', NAME)
  await rm(GUARD)
  await execa('systemd-run', ['--unit', 'passthrough-studio-vm-designer', 'sleep', '900'])
  await apt('remove while a VM runs', 'remove', NAME)
  await execa('systemctl', ['stop', 'passthrough-studio-vm-designer'])
}

/** What is left of the program anywhere, but for a user's own choices and what this test put there. */
async function remains(): Promise<string[]> {
  const elsewhere = ['/mnt', '/proc', '/sys', '/run'].flatMap((path) => ['-path', path, '-prune', '-o'])
  const { stdout } = await execa('find', ['/', ...elsewhere, '-iname', '*passthrough[-_]studio*', '-print'], {
    reject: false,
  })
  return stdout.split('\n').filter((path) => path !== '' && !path.startsWith('/home/'))
}

await allowAll()
const untouched = await hostState()
await apt('install the older version', 'install', older)
await note('older version', (await program('--version')).stdout)
await withDisplay(updateUnderAnOpenWindow)
await refusedRemovals()

await apt('remove', 'remove', NAME)
await note('removed', { inForce: existsSync('/etc/modules-load.d/passthrough-studio.conf'), remains: await remains() })
await apt('purge', 'purge', NAME)
await note('purged', { rescue: existsSync(`${DATA}/rescue.sh`), journal: existsSync(`${DATA}/journal.jsonl`) })

await apt('install again', 'install', current)
await studio('journal')
await studio('undo', '--all')
await note('undone', differences(untouched, await hostState()))
await mkdir(`${DATA}/vms/designer`, { recursive: true })
await writeFile(DISK, 'a guest’s disk')
await apt('purge when nothing is in force', 'purge', NAME)
await note('disk', await readFile(DISK, 'utf8'))
await rm(`${DATA}/vms`, { recursive: true })
await note('remains', await remains())
