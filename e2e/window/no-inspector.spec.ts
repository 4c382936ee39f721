import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import { expect } from '@playwright/test'
import { findRuntime } from '#tools/runtime.mjs'
import { test } from './window-test.ts'

const ROOT = join(import.meta.dirname, '../..')
const LISTENS = '0A'

/** The app as a user starts it: no debugger of a test is attached. `home`: its configuration and state. */
async function started(home: string): Promise<ChildProcess> {
  const { executable } = await findRuntime()
  const switches = ['--studio-host=paper', ...(getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const own = { ...env, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home }
  return spawn(executable, [ROOT, ...switches], { env: own, stdio: 'ignore' })
}

/** TCP sockets on which a process listens, by their inodes in proc(5). */
async function listening(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')))
  const rows = tables.flatMap((table) => table.split('\n')).map((row) => row.trim().split(/\s+/u))
  const own = rows.filter((row) => row[3] === LISTENS && links.includes(`socket:[${row[9] ?? ''}]`))
  return own.map((row) => row[1] ?? '')
}

function log(home: string): Promise<string> {
  return readFile(join(home, 'passthrough-studio/studio.log'), 'utf8').catch(() => '')
}

test('SIGUSR1 of another process of the same user opens no inspector in the app', async ({ temporaryDirectory }) => {
  const home = await temporaryDirectory()
  const app = await started(home)
  try {
    const pid = app.pid ?? -1
    // Before it has a lock of its own it has not begun; a signal then would end it.
    await expect.poll(async () => (await readdir(home, { recursive: true })).join(' ')).toContain('SingletonLock')
    expect(spawnSync('kill', ['-USR1', String(pid)]).status).toBe(0)
    await expect.poll(() => log(home)).toContain('asked for the inspector')
    expect(await listening(pid)).toEqual([])
    expect(app.exitCode).toBeNull()
  } finally {
    app.kill('SIGKILL')
  }
})
