import { answers } from './answers/answers.ts'
import { card } from './card/card.ts'
import { compute } from './compute/compute.ts'
import { devices } from './devices/devices.ts'
import { disk } from './disk/disk.ts'
import { firmware } from './firmware/firmware.ts'
import { hardware } from './hardware/hardware.ts'
import { machine } from './machine/machine.ts'
import { network } from './network/network.ts'
import { quirks } from './quirks/quirks.ts'
import { screen } from './screen/screen.ts'
import { service } from './service/service.ts'
import type { Topics } from './topic.ts'

/** What knows of the options of a VM, in the order of vm.json. */
export const TOPICS: Topics = {
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
