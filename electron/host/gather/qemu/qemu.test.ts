import { expect, it } from 'vitest'
import { RecordedHost } from '#host/recorded/recorded.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { gatherQemu } from './qemu.ts'

it('QEMU is asked again after an update while the app runs, and only then', async () => {
  const recording: Recording = structuredClone(recordingOf(PAPER_WORKSTATION))
  const host = new RecordedHost(recording)
  const said = recording.commands['qemu-kvm -version']
  if (said === undefined || said === null) throw new Error('the paper’s workstation has no QEMU')
  expect(await gatherQemu(host)).toMatchObject({ version: '2.12.0' })
  said.stdout = 'QEMU emulator version 9.1.0\n'
  expect(await gatherQemu(host)).toMatchObject({ version: '2.12.0' })
  recording.stamps['/usr/libexec/qemu-kvm'] = { bytes: 1, modified: '2026-01-01T00:00:00.000Z' }
  expect(await gatherQemu(host)).toMatchObject({ version: '9.1.0' })
  recording.dirs['/usr/lib64/qemu-kvm'] = ['hw-display-qxl.so']
  said.stdout = 'QEMU emulator version 9.2.0\n'
  expect(await gatherQemu(host)).toMatchObject({ version: '9.2.0' })
})
