import { describe, expect, it } from 'vitest'
import type { Host } from '#host/host.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import type { ToolRun } from '#shared/base/system.ts'
import { askOnKernel } from './on-kernel.ts'

/** A host whose QEMU answers this, with the kernel's word on io_uring. */
function answering(stdout: string, disabled: string | null) {
  const asked: ToolRun[] = []
  const host = simulated()
  const run: Host['run'] = (_tool, _args, how = {}) => {
    asked.push(how)
    return Promise.resolve({ exitCode: 0, stdout, stderr: '' })
  }
  const read: Host['read'] = (path) =>
    path === '/proc/sys/kernel/io_uring_disabled' && disabled !== null
      ? Promise.resolve({ kind: 'text', text: `${disabled}\n` })
      : host.read(path)
  return { asked, host: Object.assign(Object.create(host) as Host, { run, read }) }
}

const MODEL = '"hv-relaxed": true, "hv-evmcs": true, "hv-spinlocks": 4095, "hv-crash": false, "hv-passthrough": true'
const ANSWER = `{"return": {"model": {"name": "host", "props": {${MODEL}}}}, "id": "hyperv"}
{"return": {}, "id": "io_uring"}
{"id": "native", "error": {"class": "GenericError", "desc": "aio=native was specified, but is not supported in this build."}}
`

describe('what QEMU can do with this kernel', () => {
  it('is what KVM gives of Hyper-V, and the ways a file was opened in', async () => {
    const { host, asked } = answering(ANSWER, '0')
    const found = { hyperv: ['hv-evmcs', 'hv-relaxed'], diskIo: ['io_uring'] }
    expect(await askOnKernel(host, 'qemu-system-x86_64')).toEqual(found)
    expect(asked[0]?.input).toContain('"hv-passthrough":true')
  })

  it('is no io_uring where the kernel lets only some users have it', async () => {
    const { host } = answering(ANSWER, '1')
    expect((await askOnKernel(host, 'qemu-system-x86_64')).diskIo).toEqual([])
  })

  it('is not known of Hyper-V where there is no KVM, and nothing where QEMU does not answer', async () => {
    const { host } = answering(ANSWER.replaceAll('true', 'false'), null)
    expect((await askOnKernel(host, 'qemu-kvm')).hyperv).toBeNull()
    expect((await factsFrom(simulated())).qemu).toMatchObject({ hyperv: null, diskIo: [] })
  })
})
