import { appendFile, mkdir, readFile, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { argv, execPath, exit } from 'node:process'
import { execa } from 'execa'
import { asDesigner, PROJECT, withDisplay } from './designer.ts'
import { differences, hostState, note } from './evidence.ts'
import { attach, CLICKABLE } from './installed-window.ts'
import { PasswordAgent } from './password-agent.ts'

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
    await studio.picture('/mnt/share/read-only.png')
    await studio.press('Install helper…')
    await studio.waitForText('What root runs for it')
    await note('shown', await studio.rows('Files of the helper'))
    await studio.picture('/mnt/share/shown.png')
    await studio.press('Install helper')
    await studio.waitForText('It is installed and belongs to this build')
    await note('installed', await installed())

    await studio.goTo('Kernel')
    await studio.press('Load vfio-pci and write 1 file')
    await studio.waitForVerdict('ok')
    await studio.waitUntilIdle()

    await appendFile(`${PLACE}/helper.cjs`, '\n// another build\n')
    await studio.press('Update helper…')
    await studio.press('Update helper')
    await studio.waitForText('It is installed and belongs to this build')
    await studio.goTo('Journal')
    await studio.press(/^Undo everything/u)
    await studio.waitForText('Taken back.')
    await studio.waitUntilIdle()

    await studio.press('About')
    await studio.press('Take it out…')
    await studio.answer('Take it out')
    await studio.waitForText('the helper is not installed')
    await note('dialogs', agent.dialogs())
  } catch (thrown) {
    await studio.picture('/mnt/share/failure.png')
    await note('failure', { message: String(thrown), problem: await studio.problem(), dialogs: agent.dialogs() })
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
