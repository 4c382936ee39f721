import { describe, expect, it } from 'vitest'
import { type Description, recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { problemOf } from '#shared/base/problem.ts'
import { RealSystem } from '../real-system.ts'
import { userland } from './userland.ts'

const DIRECTORY = 0o040000

describe('the programs of the proof guest', () => {
  it('are this host’s own, with loader and libraries where the loader looks for them', async () => {
    const members = await userland(new RealSystem('/'))
    const names = members.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['proc', 'sys', 'dev', 'run', 'bin/sh', 'bin/mount', 'bin/mkdir', 'bin/sleep']),
    )
    expect(names.filter((name) => /(?:^|\/)ld-linux[^/]*$/u.test(name))).toHaveLength(1)
    expect(names.some((name) => /\/libc\.so\.6$/u.test(name))).toBe(true)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, mode, data } of members) {
      const isDirectory = (mode & 0o170000) === DIRECTORY
      expect(data.length > 0, name).toBe(!isDirectory)
      const above = name.split('/').slice(0, -1).join('/')
      if (above !== '') expect(names.indexOf(above), name).toBeLessThan(names.indexOf(name))
      if (above !== '') expect(names).toContain(above)
    }
  })

  it('are an error that says what to do where one is not there, or the loader says nothing', async () => {
    const others = Object.entries(PAPER_WORKSTATION.files).filter(([path]) => path !== '/bin/mount')
    const files = Object.fromEntries(others)
    const refusal = async (change: Partial<Description>) =>
      userland(new SimulatedHost(recordingOf({ ...PAPER_WORKSTATION, ...change }))).then(
        () => null,
        (thrown: unknown) => problemOf(thrown),
      )
    expect(await refusal({})).toBeNull()
    const gone = { code: 'unsupported', message: expect.stringContaining('/bin/mount is not there') as string }
    expect(await refusal({ files })).toMatchObject(gone)
    const untold = { code: 'unsupported', message: expect.stringContaining('does not tell what they need') as string }
    expect(await refusal({ commands: {} })).toMatchObject(untold)
  })
})
