import { inWords, onOff } from '../decided.ts'
import type { Topic } from '../topic.ts'
import { decideScreen, screenArguments } from './own-screen.ts'
import {
  pictureIn,
  sharedPictureArguments,
  sharedPictureMiB,
  sharedPictureOf,
  sharedPicturePlace,
} from './shared-picture.ts'
import { decideSpice, spiceArguments, spiceBlocked } from './spice.ts'

export const screen: Topic<'screen'> = {
  define: ({ facts, choices: { definition: choice }, qemu }) => ({
    screen: decideScreen(choice).value,
    spice: decideSpice(choice, qemu).value,
    ...sharedPictureOf(facts, choice),
  }),
  view: ({ facts, choices: { definition: choice }, qemu }) => ({
    screen: inWords(decideScreen(choice), onOff),
    spice: { ...inWords(decideSpice(choice, qemu), onOff), blocked: spiceBlocked(qemu) },
    sharedPictureBlocked: qemu.devices.includes('ivshmem-plain') ? null : 'This QEMU has no ivshmem-plain.',
    sharedPictureMiB: choice.lookingGlass === null ? null : sharedPictureMiB(choice.lookingGlass),
    sharedPicturePlace: sharedPicturePlace(facts, choice),
  }),
  choicesOf: (definition) => ({
    screen: definition.screen,
    // What would be decided anyhow was not chosen.
    spice: definition.spice === (definition.lookingGlassMiB !== null) ? null : definition.spice,
    lookingGlass: pictureIn(definition.lookingGlassMiB),
  }),
  argv: { screen: screenArguments, spice: spiceArguments, devices: sharedPictureArguments },
}
