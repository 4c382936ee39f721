import { existsSync } from 'node:fs'
import { getuid, pid } from 'node:process'
import { execa } from 'execa'
import { expect, it, onTestFinished } from 'vitest'
import { RESOURCES } from '#core/texts/host-script/resources.ts'
import { WRITES } from '#core/texts/host-script/writes.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'

const canTap = getuid?.() === 0 && existsSync('/dev/net/tun')
const [bridge, tap] = [`pst-br${pid}`.slice(0, 15), `pst-t${pid}`.slice(0, 15)]

/** Makes the tap on a bridge of this very host, as host.sh does; what it says where it refuses. */
async function made(queues: number): Promise<string> {
  const directory = await temporaryDirectory('tap')
  const places = `run=${directory} note=${directory}/note said=${directory}/said user=0 home=/nonexistent`
  const script = `set -u\n${places}\ngive_back() { :; }\n${WRITES}${RESOURCES}\nmake_tap ${tap} ${bridge} ${queues}\n`
  const { stderr } = await execa('sh', ['-c', script], { reject: false, cwd: directory })
  return stderr
}

const END = '{"execute":"qmp_capabilities"}\n{"execute":"quit"}\n'

/** Whether QEMU opens the tap with so many queues; it is told to end again at once. */
async function opens(queues: string): Promise<boolean> {
  const nic = ['-netdev', `tap,id=net0,ifname=${tap},script=no,downscript=no${queues}`]
  const machine = ['-machine', 'q35,accel=tcg', '-S', '-nodefaults', '-display', 'none', '-qmp', 'stdio']
  const options = { reject: false, timeout: 120_000, input: END } as const
  return (await execa('qemu-system-x86_64', [...machine, ...nic], options)).exitCode === 0
}

it.runIf(canTap)('a tap of several queues is made on this host, and QEMU opens it as such alone', async () => {
  await execa('ip', ['link', 'add', bridge, 'type', 'bridge'])
  onTestFinished(async () => {
    for (const link of [tap, bridge]) await execa('ip', ['link', 'delete', link], { reject: false })
  })
  expect(await made(4)).toBe('')
  expect(await opens(',queues=4')).toBe(true)
  expect(await opens('')).toBe(false)
  expect(await made(4)).toBe('')
  expect(await made(1)).toContain('for another number of queues')
})
