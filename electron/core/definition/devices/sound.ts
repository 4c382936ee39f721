import type { QemuFacts } from '#shared/facts/facts.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import { AUDIO_DRIVERS } from '#shared/vm/options/devices.ts'
import { at } from '../hardware/root-bus.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'

const TITLES = { pipewire: 'PipeWire', pa: 'PulseAudio', alsa: 'ALSA, past the desktop' } as const

/** Ways this QEMU can give sound to the host. */
export function soundOptions({ audio }: QemuFacts): DefinitionView['audio'] {
  return AUDIO_DRIVERS.filter((id) => audio?.includes(id)).map((id) => ({ id, title: TITLES[id] }))
}

/** Sound by a back end of the user's session. */
export function soundArguments({ definition, withHost }: ArgumentContext): ArgumentGroup[] {
  if (definition.audio === null || !withHost) return []
  return [
    {
      reason: 'Sound through the user’s own session.',
      args: [
        ...['-audiodev', `${definition.audio},id=sound`],
        ...['-device', `ich9-intel-hda${at(definition, 'sound')}`, '-device', 'hda-duplex,audiodev=sound'],
      ],
    },
  ]
}
