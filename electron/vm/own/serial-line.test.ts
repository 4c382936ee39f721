import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tellUntil } from './serial-line.ts'

/** A guest's serial port, and what it heard on each connection. */
async function port(answer: (guest: Socket, heard: string[]) => void) {
  const path = join(await mkdtemp(join(tmpdir(), 'serial-')), 'sock')
  const heard: string[] = []
  const server = createServer((guest) => {
    guest.on('data', (chunk) => {
      heard.push(String(chunk))
      answer(guest, heard)
    })
  }).listen(path)
  await once(server, 'listening')
  return { path, heard, close: () => server.close() }
}

it('ends with the guest that talks until it is off, and not only at its limit', async () => {
  const { path, heard, close } = await port((guest) => {
    guest.write('login: '.repeat(5000))
    guest.end('powering off\n')
  })
  const ended = () => Promise.resolve(heard.length > 0)
  expect(await tellUntil(path, 'poweroff', { againMs: 600_000, limitMs: 600_000 }, ended)).toBe(true)
  expect(heard).toEqual(['poweroff\n'])
  close()
})

it('tells a guest again that did not heed the first line', async () => {
  const { path, heard, close } = await port((guest) => guest.end())
  const ended = () => Promise.resolve(heard.length === 3)
  expect(await tellUntil(path, 'poweroff', { againMs: 1000, limitMs: 60_000 }, ended)).toBe(true)
  expect(heard).toEqual(Array(3).fill('poweroff\n'))
  close()
})

it('says that a guest goes on, and throws why when it was never reached', async () => {
  const { path, close } = await port((guest) => guest.end())
  const times = { againMs: 10, limitMs: 100 }
  expect(await tellUntil(path, 'poweroff', times, () => Promise.resolve(false))).toBe(false)
  close()
  const nowhere = join(tmpdir(), 'no-such-port')
  await expect(tellUntil(nowhere, 'poweroff', times, () => Promise.resolve(false))).rejects.toThrow('ENOENT')
  expect(await tellUntil(nowhere, 'poweroff', times, () => Promise.resolve(true))).toBe(true)
})
