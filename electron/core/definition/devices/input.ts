import { capital } from '#shared/base/text.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { InputDevice } from '#shared/facts/peripherals.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { VmInput } from '#shared/vm/options/devices.ts'
import { type ArgumentContext, type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { OptionContext } from '../topic.ts'

/** Keyboards and mice of the host that this QEMU can share with the guest. */
export function inputOptions({ facts, qemu }: OptionContext): DefinitionView['input'] {
  const { input } = facts.peripherals
  const takes = qemu.objects?.includes('input-linux') === true
  return isUnknown(input) || !takes ? [] : input.flatMap(inputOption)
}

function inputOption({ name, kind, path }: InputDevice): DefinitionView['input'] {
  return path === null ? [] : [{ path, title: name, text: capital(kind) }]
}

/** udev ends the names of keyboards with -kbd; that holds where the device is unplugged just now. */
export function inputKind({ peripherals: { input } }: Facts, path: string): VmInput['kind'] {
  const found = isUnknown(input) ? undefined : input.find((device) => device.path === path)
  return found?.kind ?? (path.endsWith('kbd') ? 'keyboard' : 'mouse')
}

/**
 * Keyboards and mice of the host, which guest and host take in turns. QEMU takes them as soon as it starts
 * (ui/input-linux.c); both Ctrl keys at once hand them over, all together with grab_all.
 */
export function inputArguments({ definition: { inputDevices }, withHost }: ArgumentContext): ArgumentGroup[] {
  if (inputDevices.length === 0 || !withHost) return []
  const objects = inputDevices.flatMap(({ path, kind }, index) => {
    const whole = kind === 'keyboard' ? ',grab_all=on,repeat=on' : ''
    return ['-object', `input-linux,id=input${index},evdev=${optionValue(path)}${whole}`]
  })
  return [
    {
      reason: 'Keyboard and mouse of the host; both Ctrl keys at once give them back, and take them again.',
      args: objects,
    },
  ]
}
