import { expect, test } from 'vitest'
import { ProblemError } from '#shared/base/problem.ts'
import { toolText } from '../exec/tool-text.ts'
import { recordingOf } from '../simulated/description.ts'
import { PAPER_WORKSTATION } from '../simulated/paper/workstation.ts'
import { RecordedHost } from './recorded.ts'
import { Recorder } from './recorder.ts'
import { commandKey, emptyRecording } from './recording.ts'

const NMCLI = ['device', 'show'] as const

test('a failing tool is recorded with its message, and fails alike in the replay', async () => {
  const host = new RecordedHost({
    ...recordingOf(PAPER_WORKSTATION),
    commands: { [commandKey('nmcli', NMCLI)]: { exitCode: 8, stdout: '', stderr: 'NetworkManager is not running.\n' } },
  })
  const recorder = new Recorder(host, 'a host', '')
  const said = { unknown: 'nmcli failed with exit code 8: NetworkManager is not running.' }
  expect(await toolText(recorder, 'nmcli', NMCLI)).toEqual(said)
  expect(await toolText(new RecordedHost(recorder.recording), 'nmcli', NMCLI)).toEqual(said)
  expect((await recorder.run('nmcli', NMCLI, { expect: [0, 8] }))?.exitCode).toBe(8)
})

test('a tool that timed out is recorded, and fails in the replay too', async () => {
  const host = new RecordedHost(emptyRecording('a host', ''))
  host.run = () => Promise.reject(new ProblemError('tool-failed', 'lspci did not finish.', { hint: 'Try again.' }))
  const recorder = new Recorder(host, 'a host', '')
  expect(await toolText(recorder, 'lspci', [])).toMatchObject({ unknown: expect.stringContaining('lspci') as string })
  expect(await toolText(new RecordedHost(recorder.recording), 'lspci', [])).toMatchObject({
    unknown: expect.stringContaining('lspci did not finish.') as string,
  })
})
