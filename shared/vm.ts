import { z } from 'zod'
import { linkName } from './network.ts'
import { bdfAddress } from './pci.ts'

/** A name that is safe as a file, a unit and a QEMU guest name. */
export const vmName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/u, 'a VM name has 1 to 31 of a-z, 0-9 and -, and starts with a letter or digit')

const proofBoot = z.strictObject({ kind: z.literal('proof-guest') })
const diskBoot = z.strictObject({
  kind: z.literal('disk'),
  path: z.string().regex(/^\/[^\0\n]*$/u, 'an absolute path'),
  format: z.enum(['qcow2', 'raw']),
})

/** What the VM boots: the small proof guest, or an existing disk image. */
export const vmBoot = z.discriminatedUnion('kind', [proofBoot, diskBoot])

/** A private network inside QEMU, or a tap that is a port of a bridge of the host. */
const vmNetwork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user') }),
  z.strictObject({ kind: z.literal('tap'), tap: linkName, vhost: z.boolean() }),
])

/** A VM as it is saved: one readable file. `functions` are passed through, function 0 first. */
export const vmDefinition = z.strictObject({
  version: z.literal(1),
  name: vmName,
  memoryMiB: z.number().int().min(256).max(4_194_304),
  vcpus: z.number().int().min(1).max(512),
  functions: z.array(bdfAddress).min(1).max(8),
  boot: vmBoot,
  network: vmNetwork,
  user: z.strictObject({ name: z.string(), uid: z.number().int().min(1), gid: z.number().int().min(1) }),
})
export type VmDefinition = z.infer<typeof vmDefinition>

const vmState = z.enum(['off', 'starting', 'running', 'stopping', 'attention'])
export type VmState = z.infer<typeof vmState>

/** What the app knows of the designer VM now. `error` says why it needs attention. */
export const vmStatus = z.strictObject({
  name: vmName,
  state: vmState,
  since: z.string().nullable(),
  detail: z.string(),
  error: z.string().nullable(),
})
export type VmStatus = z.infer<typeof vmStatus>

const DATA = '/var/lib/passthrough-studio'

/** Fixed places of a VM's files. Sockets live below /run, in a directory only the VM's user may enter. */
export function vmPaths(name: string, run = `/run/passthrough-studio/${name}`) {
  const home = `${DATA}/vms/${name}`
  return {
    home,
    definition: `${home}/vm.json`,
    script: `${home}/start-vm.sh`,
    kernel: `${home}/proof-kernel`,
    initrd: `${home}/proof-initrd.img`,
    run,
    qmp: `${run}/qmp.sock`,
    vnc: `${run}/vnc.sock`,
    serial: `${run}/serial.sock`,
    serialLog: `${run}/serial.log`,
    log: `${run}.log`,
  }
}
