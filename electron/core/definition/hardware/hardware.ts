import { vmUuid } from '#shared/vm/options/hardware.ts'
import { decideFirmware } from '../firmware/uefi.ts'
import { decideMachine } from '../machine/machine.ts'
import type { DefineContext, Topic } from '../topic.ts'
import { decideAddresses } from './addresses.ts'
import { offeredUpdate } from './update.ts'

export const hardware: Topic<'hardware'> = {
  define: (context) => ({ uuid: uuid(context), addresses: decideAddresses(context) }),
  view: (context) => {
    const update = offeredUpdate(context)
    const code = decideFirmware(context).value?.code
    return {
      hardware: [decideMachine(context), ...(code === undefined ? [] : [code])].join(', '),
      hardwareUpdate:
        update === null
          ? null
          : {
              id: update.id,
              changes: update.changes,
              taken: update.id === context.choices.definition.hardwareUpdate,
            },
    }
  },
  choicesOf: () => ({ hardwareUpdate: null }),
  argv: {
    machine: ({ definition }) => {
      if (definition.uuid === null) return []
      return [{ reason: 'What the guest knows its machine by.', args: ['-uuid', definition.uuid] }]
    },
  },
}

/** A new VM's is made of its name and what no other host has, so that a plan is the same at each look. */
function uuid({ written, facts: { host }, choices }: DefineContext): string | null {
  return written === null ? vmUuid(host.seed ?? host.hostname, choices.definition.name) : written.uuid
}
