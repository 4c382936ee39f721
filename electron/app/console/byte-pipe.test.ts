import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { PullSocket } from './byte-pipe.ts'

const LIMIT_MS = 5000

/** A pipe to a peer on a unix socket, and the peer's end of it. */
async function pair(): Promise<{ pipe: PullSocket; peer: Socket }> {
  const path = join(await temporaryDirectory('pipe'), 'sock')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const arrived = once(server, 'connection')
  const pipe = await PullSocket.connect(path, LIMIT_MS)
  const [peer] = (await arrived) as [Socket]
  peer.on('error', () => undefined)
  server.close()
  return { pipe, peer }
}

async function readAll(pipe: PullSocket): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let chunk = await pipe.read(); chunk !== null; chunk = await pipe.read()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a pipe to a guest’s socket', () => {
  it('carries every byte both ways, in order, and reports the end', async () => {
    const some = fc.array(fc.uint8Array({ minLength: 1, maxLength: 5000 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(some, some, async (there, back) => {
        const { pipe, peer } = await pair()
        const got: Buffer[] = []
        peer.on('data', (chunk: Buffer) => got.push(chunk))
        for (const bytes of there) pipe.write(bytes)
        for (const bytes of back) peer.write(bytes)
        const sent = Buffer.concat(there)
        while (Buffer.concat(got).length < sent.length) await turn()
        peer.end()
        expect(Buffer.concat([await readAll(pipe)])).toEqual(Buffer.concat(back))
        expect(Buffer.concat(got)).toEqual(sent)
      }),
      { numRuns: 20 },
    )
  })

  it('stops reading while nobody asks for bytes, and goes on when asked', async () => {
    const { pipe, peer } = await pair()
    let sent = 0
    while (peer.write(new Uint8Array(65_536)) && sent < 1000) {
      sent += 1
      await turn()
    }
    // 64 MB would have gone through if anything took them.
    expect(sent).toBeLessThan(100)
    const drained = once(peer, 'drain')
    const first = await pipe.read()
    expect(first?.length).toBeLessThanOrEqual(524_288)
    for (let taken = first?.length ?? 0; taken < sent * 65_536;) taken += (await pipe.read())?.length ?? 0
    await drained
    pipe.close()
  })

  it('closes a peer that takes nothing', async () => {
    const { pipe, peer } = await pair()
    peer.pause()
    for (let count = 0; count < 100; count += 1) pipe.write(new Uint8Array(65_536))
    expect(await pipe.read()).toBeNull()
    pipe.write(new Uint8Array(1))
  })

  it('refuses a second reader', async () => {
    const { pipe, peer } = await pair()
    const first = pipe.read()
    await expect(pipe.read()).rejects.toThrow('Somebody else reads this screen already.')
    peer.write('x')
    expect(await first).toEqual(new Uint8Array([120]))
    pipe.close()
    expect(await pipe.read()).toBeNull()
  })

  it('says that nobody listens', async () => {
    await expect(PullSocket.connect('/nonexistent/vnc.sock', LIMIT_MS)).rejects.toThrow('Nobody listens on')
  })
})
