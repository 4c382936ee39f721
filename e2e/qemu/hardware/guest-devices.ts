import { copyFile, truncate, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { z } from 'zod'
import { varsFile } from '#core/definition/firmware/vars-file.ts'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { untilListens } from '../until-answers.ts'
import { KVM_ONLY } from '../workstation.ts'

const LIMIT_MS = 120_000

const buses = z.array(
  z.looseObject({
    bus: z.number(),
    devices: z.array(
      z.looseObject({
        slot: z.number(),
        function: z.number(),
        qdev_id: z.string(),
        id: z.looseObject({ vendor: z.number(), device: z.number() }),
      }),
    ),
  }),
)

/** What this QEMU puts on the guest's root bus, by its id or else by vendor and device, and where. */
export async function guestDevices(vm: VmDefinition, qemu: QemuFacts): Promise<Record<string, string>> {
  const { process, qmp } = await startedPaused(vm, qemu)
  const answer = buses.parse(await answerTo(qmp, 'query-pci'))
  await withQmp(qmp, LIMIT_MS, (client) => client.command('quit'))
  await process
  const root = answer.find(({ bus }) => bus === 0)?.devices ?? []
  return Object.fromEntries(
    root.map((device) => {
      const { vendor, device: kind } = device.id
      const name = device.qdev_id === '' ? `${vendor.toString(16)}:${kind.toString(16)}` : device.qdev_id
      return [name, `00:${device.slot.toString(16).padStart(2, '0')}.${device.function}`]
    }),
  )
}

/** Starts a VM's arguments paused; what a test has not (card, KVM, sound server, tap, keyboards) is left out. */
async function startedPaused(vm: VmDefinition, qemu: QemuFacts) {
  const run = await temporaryDirectory('run')
  const { home, run: place } = vmPaths(vm.name)
  if (vm.firmware !== null) await copyFile(vm.firmware.varsTemplate, varsFile(vm.name, vm.firmware).replace(home, run))
  for (const name of ['disk.raw', 'disk2.raw', 'disk3.raw', 'answers.iso', 'install.iso']) {
    await writeFile(join(run, name), '')
    await truncate(join(run, name), 1_048_576)
  }
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', join(run, 'disk.qcow2'), '1M'])
  await execa('mkfifo', [join(run, 'ask')])
  const words = flatten(vmArguments({ ...vm, tpm: false, inputDevices: [] }, qemu, true))
  const args = withoutPassed(words).map((word) =>
    word
      .replaceAll(place, run)
      .replaceAll(home, run)
      .replace('accel=kvm', 'accel=tcg')
      .replace(/^host(?=,|$)/u, 'max')
      .replace(/^(?:pipewire|pa|alsa),id=sound$/u, 'none,id=sound')
      .replace(/^tap,(id=net\d),.*$/u, 'user,$1')
      // This host has kept no huge pages.
      .replace(/,hugetlb=on,hugetlbsize=\d+M,prealloc=on/u, '')
      .replaceAll(KVM_ONLY, ''),
  )
  const process = execa(qemu.binary, args, { reject: false, timeout: LIMIT_MS })
  const qmp = join(run, 'qmp.sock')
  // Its socket is there a moment before it listens.
  if (!(await untilListens(qmp, () => process.exitCode !== null))) throw new Error((await process).stderr)
  return { process, qmp }
}

/** Sends a command that the program itself never does. */
async function answerTo(path: string, command: string): Promise<unknown> {
  const socket = createConnection(path)
  socket.write(`{"execute": "qmp_capabilities"}\n{"execute": "${command}", "id": 1}\n`)
  try {
    for await (const line of createInterface({ input: socket })) {
      const message = z.looseObject({ id: z.number(), return: z.unknown() }).safeParse(JSON.parse(line))
      if (message.success) return message.data.return
    }
  } finally {
    socket.destroy()
  }
  throw new Error(`QEMU did not answer ${command}`)
}

/** Also without the proof guest's kernel, which step 8 makes, and without shared folders, which nobody serves here. */
function withoutPassed(words: readonly string[]): string[] {
  return words.filter((word, index) => {
    const value = words[index + 1] ?? ''
    const before = words[index - 1] ?? ''
    const kernel = ['-kernel', '-initrd', '-append']
    if ([word, value].some((one) => /^(?:socket,id=folder|vhost-user-fs-pci)/u.test(one))) return false
    if (kernel.includes(word) || kernel.includes(before)) return false
    return !word.startsWith('vfio-pci') && !(word === '-device' && value.startsWith('vfio-pci'))
  })
}
