import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { RealSystem } from '../real-system.ts'
import { reboot } from './reboot.ts'

class Noting extends RealSystem {
  readonly ran: string[] = []

  override async run(tool: Tool, args: readonly string[]): Promise<ToolResult> {
    this.ran.push([tool, ...args].join(' '))
    return { exitCode: 0, stdout: '', stderr: '' }
  }
}

/** A host with one process beside the first, which was started with these words. */
async function host(...words: string[]): Promise<Noting> {
  const root = await temporaryDirectory('reboot')
  for (const [pid, line] of [
    ['1', ['/sbin/init']],
    ['4711', words],
  ] as const) {
    await mkdir(join(root, 'proc', pid), { recursive: true })
    await writeFile(join(root, 'proc', pid, 'cmdline'), line.map((word) => `${word}\0`).join(''))
  }
  return new Noting(root)
}

it('A VM that was started while the password for a reboot was asked for keeps its power', async () => {
  const system = await host('/bin/sh', vmPaths('designer').script)
  await expect(reboot(system)).rejects.toMatchObject({
    problem: { code: 'vm-running', message: 'The VM "designer" is up; a reboot would take its power away.' },
  })
  expect(system.ran).toEqual([])
})

it('An editor that has a VM’s script open does not keep the host from its reboot', async () => {
  const system = await host('/usr/bin/vi', vmPaths('designer').script)
  await reboot(system)
  expect(system.ran).toEqual(['systemctl reboot'])
})

it('Where no process can be seen the helper does not reboot', async () => {
  const system = new Noting(await temporaryDirectory('reboot'))
  await expect(reboot(system)).rejects.toMatchObject({ problem: { code: 'refused' } })
  expect(system.ran).toEqual([])
})
