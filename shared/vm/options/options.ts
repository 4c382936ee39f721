import { answers } from './answers.ts'
import { card } from './card.ts'
import { compute } from './compute.ts'
import { devices } from './devices.ts'
import { disk } from './disk.ts'
import { firmware } from './firmware.ts'
import { hardware } from './hardware.ts'
import { machine } from './machine.ts'
import { network } from './network.ts'
import { quirks } from './quirks.ts'
import { screen } from './screen.ts'
import { service } from './service.ts'

/** Every topic, in the order vm.json has their fields. */
export const OPTIONS = {
  machine,
  compute,
  firmware,
  disk,
  card,
  network,
  devices,
  screen,
  service,
  hardware,
  quirks,
  answers,
}

/** Fields of vm.json. Their order is that of the file: another one would show every VM as changed. */
export const DEFINITION_FIELDS = {
  ...machine.definition,
  ...compute.definition,
  ...firmware.definition,
  ...disk.definition,
  ...card.definition,
  ...network.definition,
  ...devices.definition,
  ...screen.definition,
  ...service.definition,
  ...hardware.definition,
  ...quirks.definition,
  ...answers.definition,
}

/** Fields of step 8's choices. */
export const CHOICE_FIELDS = {
  ...machine.choices,
  ...compute.choices,
  ...firmware.choices,
  ...disk.choices,
  ...card.choices,
  ...network.choices,
  ...devices.choices,
  ...screen.choices,
  ...service.choices,
  ...hardware.choices,
  ...quirks.choices,
  ...answers.choices,
}

/** What a new VM begins with. */
export const INITIAL_CHOICES = {
  ...machine.initial,
  ...compute.initial,
  ...firmware.initial,
  ...disk.initial,
  ...card.initial,
  ...network.initial,
  ...devices.initial,
  ...screen.initial,
  ...service.initial,
  ...hardware.initial,
  ...quirks.initial,
  ...answers.initial,
}

/** Fields of what step 8 shows. */
export const VIEW_FIELDS = {
  ...machine.view,
  ...compute.view,
  ...firmware.view,
  ...disk.view,
  ...card.view,
  ...network.view,
  ...devices.view,
  ...screen.view,
  ...service.view,
  ...hardware.view,
  ...quirks.view,
  ...answers.view,
}
