import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { tellUntil } from './serial-line.ts'

/** A guest's serial port, and what it heard on each connection. */
async function port(answer: (guest: Socket, heard: string[]) => void) {
  const path = join(await temporaryDirectory('serial'), 'sock')
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

it('tellUntil returns when the guest is off, before its limit', async () => {
  const { path, heard, close } = await port((guest) => {
    guest.write('login: '.repeat(5000))
    guest.end('powering off\n')
  })
  const ended = () => Promise.resolve(heard.length > 0)
  expect(await tellUntil(path, 'poweroff', { againMs: 600_000, limitMs: 600_000 }, ended)).toBe(true)
  expect(heard).toEqual(['poweroff\n'])
  close()
})

it('tellUntil repeats its line to a guest that ignored it', async () => {
  const { path, heard, close } = await port((guest) => guest.end())
  const ended = () => Promise.resolve(heard.length === 3)
  expect(await tellUntil(path, 'poweroff', { againMs: 1000, limitMs: 60_000 }, ended)).toBe(true)
  expect(heard).toEqual(Array(3).fill('poweroff\n'))
  close()
})

it('tellUntil returns false while the guest is on', async () => {
  const { path, close } = await port((guest) => guest.end())
  expect(await tellUntil(path, 'poweroff', { againMs: 10, limitMs: 100 }, () => Promise.resolve(false))).toBe(false)
  close()
})

const nowhere = async () => join(await temporaryDirectory('serial'), 'no-such-port')

it('tellUntil throws why no line arrived, unless the guest ended meanwhile', async () => {
  const path = await nowhere()
  const times = { againMs: 60_000, limitMs: 50 }
  await expect(tellUntil(path, 'poweroff', times, () => Promise.resolve(false))).rejects.toThrow('ENOENT')
  expect(await tellUntil(path, 'poweroff', times, () => Promise.resolve(true))).toBe(true)
})

it('tellUntil survives a connection that fails after its limit', async () => {
  const { path, close } = await port(() => undefined)
  // A socket whose listener is gone.
  await rename(path, `${path}-of-old`)
  close()
  const over = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort())
  try {
    const times = { againMs: 1, limitMs: 10 }
    const told = tellUntil(`${path}-of-old`, 'poweroff', times, () => Promise.resolve(false))
    await expect(told).rejects.toThrow('aborted')
    // What the kernel says of that connection comes now, with nobody waiting for it.
    await setImmediate()
  } finally {
    over.mockRestore()
  }
})
