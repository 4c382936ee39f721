import { chown, mkdir, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { asUser, rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { connectUsers } from './users-socket.ts'

const LIMIT_MS = 10_000
const servers: ReturnType<typeof createServer>[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A service on a socket; what it was told so far. */
async function service(path: string): Promise<string[]> {
  const told: string[] = []
  const server = createServer((socket) => {
    socket.on('data', (chunk) => told.push(String(chunk)))
    socket.write('hello')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return told
}

/** A VM's directory of the user's beside a service of root's. */
async function host() {
  const root = await rootDirectory()
  const run = join(root, 'run')
  await mkdir(run)
  await chown(run, USER.uid, USER.gid)
  return { run, roots: join(root, 'root.sock') }
}

describe.runIf(getuid?.() === 0)('a socket in a VM’s directory that root connects to', () => {
  it('is one of its user’s', async () => {
    const { run } = await host()
    const path = join(run, 'qmp.sock')
    await service(path)
    await chown(path, USER.uid, USER.gid)
    const socket = await connectUsers(path, LIMIT_MS)
    const said = await new Promise((resolve) => socket.once('data', resolve))
    expect(String(said)).toBe('hello')
    socket.destroy()
  })

  it('is no service of root’s that a link leads to, and nothing that is no socket', async () => {
    const { run, roots } = await host()
    const told = await service(roots)
    await symlink(roots, join(run, 'serial.sock'))
    await expect(connectUsers(join(run, 'serial.sock'), LIMIT_MS)).rejects.toThrow('no socket of its directory’s owner')
    expect(asUser(run, 'mkfifo qmp.sock')).toBe(0)
    await expect(connectUsers(join(run, 'qmp.sock'), LIMIT_MS)).rejects.toThrow('no socket of its directory’s owner')
    await expect(connectUsers(join(run, 'none.sock'), LIMIT_MS)).rejects.toThrow('ENOENT')
    expect(told).toEqual([])
  })
})
