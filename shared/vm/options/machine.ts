import { z } from 'zod'
import { vmName } from '#shared/base/vm-name.ts'
import { blocked, optionTopic } from './topic.ts'

/** What the VM is for; it decides the defaults. The proof guest is this host's own kernel with one script. */
export const vmProfile = z.enum(['proof-guest', 'windows-11', 'windows-10', 'linux'])
export type VmProfile = z.infer<typeof vmProfile>

/** Name and kind of the VM. */
export const machine = optionTopic({
  definition: {
    name: vmName,
    profile: vmProfile,
    /** QEMU's name, with its version where there is one: a guest keeps its hardware when QEMU is updated. */
    machine: z.string().regex(/^[A-Za-z0-9._-]+$/u),
  },
  choices: { name: vmName, profile: vmProfile },
  initial: { name: 'designer', profile: 'proof-guest' },
  view: {
    profiles: z.array(z.strictObject({ id: vmProfile, title: z.string(), text: z.string(), blocked })),
  },
})
