import { toolText } from '#host/exec/tool-text.ts'
import type { Host } from '#host/host.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { readWord } from '#host/read.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'

type OnKernel = Pick<QemuFacts, 'hyperv' | 'diskIo'>

/** A machine with nothing in it: KVM where it lets us in, else none. */
const EMPTY = ['-machine', 'none,accel=kvm:tcg', '-nodefaults', '-no-user-config', '-display', 'none', '-S']

const WAYS = ['io_uring', 'native'] as const

/**
 * With hv-passthrough QEMU takes all Hyper-V flags that KVM gives (docs/system/i386/hyperv.rst), and tells them in the
 * expanded model. Opening any file in some way says whether QEMU has it, and the kernel; its own is always there.
 */
const QUESTIONS = [
  { execute: 'qmp_capabilities' },
  {
    execute: 'query-cpu-model-expansion',
    id: 'hyperv',
    arguments: { type: 'full', model: { name: 'host', props: { 'hv-passthrough': true } } },
  },
  ...WAYS.map((aio) => ({ execute: 'blockdev-add', id: aio, arguments: ownFile(aio) })),
  { execute: 'quit' },
]

function ownFile(aio: string) {
  const read = { 'read-only': true, locking: 'off', cache: { direct: true } }
  return { driver: 'file', 'node-name': aio, filename: '/proc/self/exe', ...read, aio }
}

/** Asks QEMU what it can do with this kernel, by its monitor: what it merely has is not enough. */
export async function askOnKernel(host: Host, binary: QemuFacts['binary']): Promise<OnKernel> {
  const input = QUESTIONS.map((question) => `${JSON.stringify(question)}\n`).join('')
  const [said, disabled] = await Promise.all([
    beforeRecorded(() => toolText(host, binary, [...EMPTY, '-qmp', 'stdio'], { input }), null),
    beforeRecorded(() => readWord(host, '/proc/sys/kernel/io_uring_disabled'), null),
  ])
  if (said === null || isUnknown(said)) return { hyperv: null, diskIo: [] }
  const flags = [...said.matchAll(/"(hv-[a-z-]+)": true/gu)].map((match) => match[1] ?? '')
  const able = WAYS.filter((aio) => said.includes(`{"return": {}, "id": "${aio}"}`))
  return {
    // An older QEMU, or one without KVM, expands none of them.
    hyperv: flags.includes('hv-relaxed') ? flags.filter((flag) => flag !== 'hv-passthrough').sort() : null,
    // 1: only for some groups of users, to which root belongs and a VM's user may not (kernel: sysctl/kernel.rst).
    diskIo: able.filter((aio) => aio === 'native' || disabled === null || disabled === '0'),
  }
}
