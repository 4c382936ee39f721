import { appendFile, mkdir, readFile, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { argv, execPath, exit } from 'node:process'
import { execa } from 'execa'
import { AboutPage } from '#e2e/window/pages/about-page.ts'
import { JournalPage } from '#e2e/window/pages/journal-page.ts'
import { loadVfio } from '#e2e/window/pages/paper-walk.ts'
import { PasswordAgent } from './agents/password-agent.ts'
import { asDesigner, PROJECT, withDisplay } from './designer.ts'
import { differences, hostState, note } from './evidence.ts'
import { attach, CLICKABLE } from './installed-window.ts'

const [, , , executable = ''] = argv
const PLACE = '/opt/passthrough-studio'

/** What installing leaves on the host, with mode and owner. */
async function installed(): Promise<string[]> {
  const places = [PLACE, '/usr/share/polkit-1/actions']
  const { stdout } = await execa('find', [...places, '-name', '*', '-printf', '%p %m %U:%G\n'], { reject: false })
  return stdout.split('\n').filter((line) => line.startsWith(PLACE) || line.includes('passthrough'))
}

/** The checkout names the Node it was built with; here that is the one the lab brings. */
async function nodeWhereItWasBuilt(): Promise<void> {
  const { node } = JSON.parse(await readFile(`${PROJECT}/dist/build.json`, 'utf8')) as { node: string }
  await mkdir(dirname(node), { recursive: true })
  await symlink(execPath, node)
}

async function clicks(): Promise<void> {
  const window = asDesigner(executable, [PROJECT, CLICKABLE])
  const studio = await attach()
  const agent = new PasswordAgent(window.pid ?? -1, 'lab')
  try {
    await studio.waitForText('the helper is not installed')
    await studio.camera.take('/mnt/share/read-only.png')
    await studio.press('Install helper…')
    await studio.waitForText('What root runs for it')
    await note('shown', await new AboutPage(studio).helperFiles())
    await studio.camera.take('/mnt/share/shown.png')
    await studio.press('Install helper')
    await studio.waitForText('It is installed and belongs to this build')
    await note('installed', await installed())

    await loadVfio(studio)
    await studio.notice.waitUntilIdle()

    await appendFile(`${PLACE}/helper.cjs`, '\n// another build\n')
    await studio.press('Update helper…')
    await studio.press('Update helper')
    await studio.waitForText('It is installed and belongs to this build')
    await (await new JournalPage(studio).open()).undoEverything()
    await studio.notice.waitUntilIdle()

    await (await new AboutPage(studio).open()).removeHelper()
    await note('dialogs', agent.dialogs())
  } catch (thrown) {
    await studio.camera.take('/mnt/share/failure.png')
    await note('failure', { message: String(thrown), problem: await studio.notice.problem(), dialogs: agent.dialogs() })
    exit(1)
  }
  agent.close()
  window.kill()
  await window
}

await nodeWhereItWasBuilt()
const before = await hostState()
await withDisplay(clicks)
await note('left', { files: await installed(), changed: differences(before, await hostState()) })
