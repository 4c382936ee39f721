import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { isProof } from '../machine/profile.ts'
import type { Topic } from '../topic.ts'
import { extraArguments } from './controllers.ts'
import { inputArguments, inputKind, inputOptions } from './input.ts'
import { soundArguments, soundOptions } from './sound.ts'
import { usbArguments, usbOptions } from './usb.ts'

export const devices: Topic<'devices'> = {
  define: ({ facts, choices: { definition: choice }, taken }) => ({
    extraDevices: taken.slice(1).flatMap((unit) => passedFunctions(unit).map(({ address }) => address)),
    usbDevices: isProof(choice) ? [] : choice.usb,
    inputDevices: isProof(choice) ? [] : choice.evdev.map((path) => ({ path, kind: inputKind(facts, path) })),
    audio: choice.audio === 'none' ? null : choice.audio,
  }),
  view: (context) => ({
    audio: soundOptions(context.qemu),
    usb: usbOptions(context),
    input: inputOptions(context),
    peripheralsUnknown: peripheralsUnknown(context.facts),
  }),
  choicesOf: ({ extraDevices, usbDevices, inputDevices, audio }) => ({
    audio: audio ?? 'none',
    extraDevices,
    usb: usbDevices,
    evdev: inputDevices.map(({ path }) => path),
  }),
  argv: {
    card: extraArguments,
    devices: (context) => [...usbArguments(context), ...inputArguments(context), ...soundArguments(context)],
  },
}

function peripheralsUnknown({ peripherals: { usb, input, disks } }: Facts): string | null {
  return [usb, input, disks].find(isUnknown)?.unknown ?? null
}
