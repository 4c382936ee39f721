import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { RealSystem } from '../real-system.ts'
import { endUnlessUp } from './come-back.ts'

const UNIT = 'passthrough-studio-vm-designer.service'

class Noting extends RealSystem {
  readonly ran: string[][] = []

  override async run(tool: Tool, args: readonly string[]): Promise<ToolResult> {
    this.ran.push([tool, ...args])
    return { exitCode: 0, stdout: '', stderr: '' }
  }
}

/** Places of a VM in a directory of the test's own. */
async function places() {
  const run = await temporaryDirectory('vm')
  return vmPaths('designer', run)
}

/** A QEMU that answers on its socket; `says` null: it accepts and says nothing more. */
async function qemu(path: string, says: boolean | null): Promise<void> {
  const server = createServer((socket) => {
    if (says === null) return socket.end()
    socket.on('error', () => undefined)
    socket.write('{"QMP": {"version": {}, "capabilities": []}}\n')
    socket.once('data', () => {
      const ports = [
        { label: 'serial0', 'frontend-open': true },
        { label: 'agent0', 'frontend-open': says },
      ]
      socket.write(`{"return": {}}\n{"event": "RESUME"}\n${JSON.stringify({ return: ports, id: 'channels' })}\n`)
    })
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
}

describe('a VM whose minutes are over', () => {
  it('stays where its agent has opened the port', async () => {
    const [system, paths] = [new Noting('/'), await places()]
    await qemu(paths.qmp, true)
    expect(await endUnlessUp(system, 'designer', paths)).toBe('The guest of "designer" is up; it stays.')
    expect(system.ran).toEqual([])
  })

  it('stays where the proof guest has reported', async () => {
    const paths = await places()
    const root = await temporaryDirectory('root')
    await mkdir(join(root, dirname(paths.serialLog)), { recursive: true })
    await writeFile(join(root, paths.serialLog), 'passthrough-studio-proof end\r\n')
    const system = new Noting(root)
    await endUnlessUp(system, 'designer', paths)
    expect(system.ran).toEqual([])
  })

  it.each([
    ['its agent’s port is closed', false],
    ['QEMU hangs up', null],
    ['there is no QEMU', undefined],
  ])('is ended where %s', async (_what, says) => {
    const [system, paths] = [new Noting('/'), await places()]
    if (says !== undefined) await qemu(paths.qmp, says)
    expect(await endUnlessUp(system, 'designer', paths)).toContain('did not come up in time')
    expect(system.ran).toEqual([['systemctl', 'stop', UNIT]])
  })
})
