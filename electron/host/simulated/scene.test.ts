import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.fixture.ts'
import { workstationIn } from './scene.ts'

const OWNER = { mode: 0o644, uid: 0, gid: 0 }
const write = new TextEncoder().encode('x\n')

async function sceneOf(text: string): Promise<string> {
  const path = join(await temporaryDirectory(), 'scene.json')
  await writeFile(path, text)
  return path
}

it('a scene’s files lie on the simulated workstation, and nothing else is different', async () => {
  const host = await workstationIn(await sceneOf('{"files": {"/etc/motd": "hello\\n"}}'))
  expect(await host.read('/etc/motd')).toEqual({ kind: 'text', text: 'hello\n' })
  expect(await host.read('/proc/cmdline')).toMatchObject({ kind: 'text' })
  await host.writeAtomic('/etc/motd', write, OWNER)
})

it('a file that becomes immutable can neither be written nor removed; all others can', async () => {
  const path = await sceneOf('{}')
  const host = await workstationIn(path)
  await host.writeAtomic('/etc/motd', write, OWNER)
  await writeFile(path, '{"immutable": ["/etc/motd"]}')
  await expect(host.writeAtomic('/etc/motd', write, OWNER)).rejects.toMatchObject({ problem: { code: 'permission' } })
  await expect(host.remove('/etc/motd')).rejects.toMatchObject({ problem: { code: 'permission' } })
  await host.writeAtomic('/etc/issue', write, OWNER)
  expect(await host.read('/etc/motd')).toEqual({ kind: 'text', text: 'x\n' })
})

it('a scene that is not there, or says something unknown, is refused with what it should be', async () => {
  await expect(workstationIn('/nonexistent/scene.json')).rejects.toMatchObject({ problem: { code: 'not-found' } })
  for (const text of ['{', '{"fires": {}}'])
    await expect(workstationIn(await sceneOf(text))).rejects.toMatchObject({ problem: { code: 'bad-recording' } })
})
