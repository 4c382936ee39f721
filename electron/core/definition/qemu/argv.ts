import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { TOPICS } from '../topics.ts'
import { type ArgumentGroup, type Capabilities, PLACES } from './arguments.ts'
import { CONTROL } from './control.ts'

const WRITERS = [CONTROL, ...Object.values(TOPICS).map((topic) => topic.argv)]

/**
 * The one model both the app and start-vm.sh use. `withHost` false leaves out what is the host's (passed functions,
 * tap, USB and input devices, sound, a whole disk), for the dry start that asks QEMU whether it accepts the rest: a
 * running VM may have them, QEMU would grab a keyboard at once, and from 8.2 on it ends where no sound server answers,
 * which for a root without a session is always (audio/audio.c, audio_init). Its sockets then lie in `run`.
 */
export function vmArguments(
  definition: VmDefinition,
  qemu: Capabilities,
  withHost: boolean,
  run?: string,
): ArgumentGroup[] {
  const context = { definition, qemu, withHost, paths: vmPaths(definition.name, run) }
  return PLACES.flatMap((place) => WRITERS.flatMap((writer) => writer[place]?.(context) ?? []))
}

export function flatten(groups: readonly ArgumentGroup[]): string[] {
  return groups.flatMap((group) => group.args)
}
