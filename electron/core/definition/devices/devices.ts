import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { isProof } from '../machine/profile.ts'
import type { Topic } from '../topic.ts'
import { extraArguments } from './controllers.ts'
import { folderArguments, sharingBlocked } from './folders.ts'
import { inputArguments, inputKind, inputOptions } from './input.ts'
import { soundArguments, soundOptions } from './sound.ts'
import { usbArguments, usbOptions } from './usb.ts'

export const devices: Topic<'devices'> = {
  define: ({ facts, choices: { definition: choice }, taken }) => ({
    extraDevices: taken.slice(1).flatMap((unit) => passedFunctions(unit).map(({ address }) => address)),
    usbDevices: isProof(choice) ? [] : choice.usb,
    inputDevices: isProof(choice) ? [] : choice.evdev.map((path) => ({ path, kind: inputKind(facts, path) })),
    audio: choice.audio === 'none' ? null : choice.audio,
    sharedFolders: isProof(choice) ? [] : choice.sharedFolders,
  }),
  view: (context) => ({
    audio: soundOptions(context.qemu),
    usb: usbOptions(context),
    input: inputOptions(context),
    peripheralsUnknown: peripheralsUnknown(context.facts),
    sharingBlocked: sharingBlocked(context.facts, context.qemu),
  }),
  choicesOf: ({ extraDevices, usbDevices, inputDevices, audio, sharedFolders }) => ({
    audio: audio ?? 'none',
    extraDevices,
    usb: usbDevices,
    evdev: inputDevices.map(({ path }) => path),
    sharedFolders,
  }),
  argv: {
    card: extraArguments,
    devices: (context) => [
      ...usbArguments(context),
      ...inputArguments(context),
      ...soundArguments(context),
      ...folderArguments(context),
    ],
  },
}

function peripheralsUnknown({ peripherals: { usb, input, disks } }: Facts): string | null {
  return [usb, input, disks].find(isUnknown)?.unknown ?? null
}
