import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { networkInterfaces, release } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { guestAddresses } from '#vm/guest/addresses.ts'
import { askGuest } from '#vm/guest/ask-guest.ts'
import { untilListens } from './until-answers.ts'

const AGENT = '/usr/sbin/qemu-ga'
const installed = existsSync(AGENT)

/** The real agent on a unix socket instead of a virtio port; this host plays the guest. */
async function withAgentHere<T>(work: (socket: string) => Promise<T>): Promise<T> {
  const directory = await temporaryDirectory('agent')
  const socket = join(directory, 'sock')
  const args = ['-m', 'unix-listen', '-p', socket, '-t', directory, '-f', join(directory, 'pid')]
  const agent = execa(AGENT, args, { reject: false })
  try {
    // The socket is there a moment before somebody listens on it.
    await untilListens(socket, () => agent.exitCode !== null)
    return await work(socket)
  } finally {
    agent.kill()
    await agent
  }
}

describe('QEMU’s own guest agent', () => {
  if (!installed) console.warn('Skipped: no qemu-ga; install qemu-guest-agent.')

  it.runIf(installed)('reports this host’s PCI functions, twice in a row', async () => {
    const devices = await readFile('/proc/bus/pci/devices', 'utf8').catch(() => '')
    const expected = devices.split('\n').filter((line) => line !== '')
    await withAgentHere(async (socket) => {
      for (const time of ['first', 'second']) {
        const report = await askGuest(socket, 'here', 10_000)
        expect(report).toMatchObject({ source: 'agent', kernel: release() })
        expect(report.functions, time).toHaveLength(expected.length)
      }
    })
  })

  it.runIf(installed)('reports this host’s addresses as its kernel does', async () => {
    const expected = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
    await withAgentHere(async (socket) => {
      const told = (await guestAddresses(socket, 10_000))?.map(({ address }) => address)
      expect(told).toEqual(expect.arrayContaining(expected))
    })
  })
})
