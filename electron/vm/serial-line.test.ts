import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sendLine } from './serial-line.ts'

it('ends with the guest that talks until it is off, and not only at its limit', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'serial-')), 'sock')
  const heard: string[] = []
  const server = createServer((guest) => {
    guest.write('login: '.repeat(5000))
    guest.on('data', (chunk) => {
      heard.push(String(chunk))
      guest.end('powering off\n')
    })
  }).listen(path)
  await once(server, 'listening')
  await sendLine(path, 'poweroff', 600_000)
  expect(heard.join('')).toBe('poweroff\n')
  server.close()
})
