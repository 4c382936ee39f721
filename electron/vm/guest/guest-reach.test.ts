import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { askPort } from './guest-reach.ts'

const LIMIT_MS = 60_000

/** A port of this host that nobody listens on, and a server on another one. */
async function withServer<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  try {
    return await work(address.port)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('the guest’s port', () => {
  it('answers while something listens, and is refused when nothing does any more', async () => {
    const port = await withServer(async (open) => {
      expect(await askPort('127.0.0.1', open, LIMIT_MS)).toMatchObject({ state: 'answers', address: '127.0.0.1' })
      return open
    })
    expect(await askPort('127.0.0.1', port, LIMIT_MS)).toMatchObject({ state: 'refused' })
  })

  it('is unknown for a name that nobody knows', async () => {
    const { state, text } = await askPort('no-such-guest.invalid', 3389, LIMIT_MS)
    expect(state).toBe('unknown')
    expect(text).toContain('no-such-guest.invalid, TCP port 3389 cannot be asked')
  })
})
