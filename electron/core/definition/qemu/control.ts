import { AGENT_PORT } from '#shared/facts/guest-report.ts'
import { at } from '../hardware/root-bus.ts'
import {
  type ArgumentContext,
  type ArgumentGroup,
  type Arguments,
  type Capabilities,
  optionValue,
} from './arguments.ts'
import { isLetRun } from './let-run.ts'

/** How a VM is controlled and confined, which nobody chooses. */
export const CONTROL: Arguments = {
  paused: ({ definition, withHost }) => (withHost && !isLetRun(definition) ? [] : [PAUSED]),
  control: (context) => [...monitors(context), serialPort(context), ...agent(context)],
  sandbox: () => [
    {
      reason: 'QEMU may not change users, start programs or touch other processes.',
      args: ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    },
  ],
}

const PAUSED = {
  reason: 'Starts paused: this script pins its processors, or waits until somebody looks, and then lets it run.',
  args: ['-S'],
}

function monitors({ paths, definition, withHost }: ArgumentContext): ArgumentGroup[] {
  return [
    ...(withHost ? [forScript(paths)] : []),
    ...(withHost && definition.pinning !== null
      ? [{ reason: 'Whose threads are pinned.', args: ['-pidfile', paths.pid] }]
      : []),
    {
      reason: 'Control, on a socket in a directory that only its user may enter.',
      args: ['-qmp', `unix:${optionValue(paths.qmp)},server=on,wait=off`],
    },
    {
      reason: 'The same once more, for whoever listens for what happens to the VM.',
      args: ['-qmp', `unix:${optionValue(paths.events)},server=on,wait=off`],
    },
  ]
}

/** A shell speaks to pipes, not to sockets. */
function forScript({ ask }: ArgumentContext['paths']): ArgumentGroup {
  return {
    reason: 'Control once more for this script, which asks the guest to shut down.',
    args: ['-chardev', `pipe,id=ask,path=${optionValue(ask)}`, '-mon', 'chardev=ask,mode=control'],
  }
}

/** Only the proof guest's words are read; another guest's would fill the host's /run for as long as it likes. */
function serialPort({ definition, paths }: ArgumentContext): ArgumentGroup {
  const kept = definition.profile === 'proof-guest'
  const log = kept ? `,logfile=${optionValue(paths.serialLog)}` : ''
  return {
    reason: `First serial port: a socket${kept ? ', and a log of everything the guest prints' : ''}.`,
    args: [
      ...['-chardev', `socket,id=serial0,path=${optionValue(paths.serial)},server=on,wait=off${log}`],
      ...['-serial', 'chardev:serial0'],
    ],
  }
}

/** Whether this QEMU has the bus and the ports that lines to programs in the guest are made of. */
export function hasVirtioPorts(qemu: Capabilities): boolean {
  return ['virtio-serial-pci', 'virtserialport'].every((name) => qemu.devices.includes(name))
}

/** A channel for QEMU's agent in the guest, by the name the agent looks for (qemu-ga(8)). */
function agent({ definition, qemu, paths }: ArgumentContext): ArgumentGroup[] {
  if (!hasVirtioPorts(qemu)) return []
  return [
    {
      reason: 'A channel to the guest’s own agent, which tells what the guest sees of the card.',
      args: [
        ...['-device', `virtio-serial-pci,id=ports${at(definition, 'ports')}`],
        ...['-chardev', `socket,id=agent0,path=${optionValue(paths.agent)},server=on,wait=off`],
        ...['-device', `virtserialport,bus=ports.0,chardev=agent0,name=${AGENT_PORT}`],
      ],
    },
  ]
}
