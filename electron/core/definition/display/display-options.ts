import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import type { ViewerName } from '#shared/facts/viewers.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { DisplayMethod, Need, SeeingOption } from '#shared/wizard/display.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { isPcoipCard } from '../devices/controllers.ts'
import { tapsOf } from '../network/nics.ts'
import { connectorsOf, type DisplayContext } from './display-context.ts'

/** TCP ports a guest answers on, as the programs' own documentation gives them. */
const GUEST_PORTS: Readonly<Partial<Record<DisplayMethod, number>>> = { sunshine: 47_989, rdp: 3389, anyware: 4172 }

const ok = (text: string): Need => ({ text, state: 'ok', step: null })
const missing = (text: string, step: StepId | null): Need => ({ text, state: 'missing', step })
const yours = (text: string): Need => ({ text, state: 'yours', step: null })
const unseen = (text: string): Need => ({ text, state: 'unknown', step: null })

/** All ways that make sense for this host and guest. */
export function seeingOptions(sight: DisplayContext): SeeingOption[] {
  const { definition, facts } = sight
  const options = [monitor(sight), ownScreen(sight), spice(sight), lookingGlass(sight), sunshine(sight)]
  const host = facts.devices.some(isPcoipCard) ? [pcoipCard(sight)] : []
  const nobody: SeeingOption = {
    ...{ id: 'nobody', title: 'Nobody', port: null },
    text: 'The guest computes or serves; it is reached by its own network services.',
    needs: [tapsOf(definition).length > 0 ? network(definition) : yours('Nothing of this program checks it.')],
  }
  return [...options, rdp(sight), anyware(sight), ...host, nobody]
}

function monitor({ facts, card, choices }: DisplayContext): SeeingOption {
  const { connectors } = connectorsOf(facts, card)
  const on = connectors.filter(({ connected }) => connected).map(({ name }) => name)
  const { connector } = choices.launch
  const wanted = connector === null ? on.length > 0 : on.includes(connector)
  const dark =
    'A monitor on the card. The host cannot look: vfio-pci has the card, and no driver read its connectors before.'
  const place = connector ?? on.join(' and ')
  const cable = wanted
    ? ok(`A monitor is on ${place}.`)
    : missing(`No monitor was on ${connector ?? 'any connector'} when the host last looked.`, null)
  return {
    ...{ id: 'monitor', title: 'A monitor on the card', port: null },
    text: 'The plain way: the guest draws on the card, the monitor shows it.',
    needs: [
      connectors.length === 0 ? unseen(dark) : cable,
      yours('The monitor’s input is switched to this cable.'),
      yours('The card’s driver is installed in the guest; until then it shows only what its firmware draws.'),
    ],
  }
}

const OWN_SCREEN = 'The VM has a screen of its own.'
const NO_SCREEN = 'The VM has no screen of its own; switch it on in step 8.'

function ownScreen({ definition }: DisplayContext): SeeingOption {
  return {
    ...{ id: 'console', title: 'Console, for the installation', port: null },
    text: 'QEMU’s own screen on a private socket (VNC). Slow, without the card; right until its driver works.',
    needs: [definition.screen ? ok(OWN_SCREEN) : missing(NO_SCREEN, 'definition')],
  }
}

/** The same screen in another program: it shares the clipboard, once spice-vdagent runs in the guest. */
function spice({ definition, facts }: DisplayContext): SeeingOption {
  return {
    ...{ id: 'spice', title: 'SPICE viewer, for the installation', port: null },
    text: 'QEMU’s own screen in virt-viewer, on a private socket of this host. As slow as the console; shares the clipboard.',
    needs: [
      definition.screen ? ok(OWN_SCREEN) : missing(NO_SCREEN, 'definition'),
      definition.spice
        ? ok('The VM has SPICE.')
        : missing('The VM has no SPICE; switch it on in step 8.', 'definition'),
      viewerHere(facts.peripherals.viewers, 'remote-viewer', 'virt-viewer'),
      yours('For the clipboard: the SPICE agent is installed in the guest.'),
    ],
  }
}

const PLUG = yours('A monitor or a dummy plug on the card: without one most drivers draw nothing.')

function lookingGlass({ definition, facts }: DisplayContext): SeeingOption {
  const { lookingGlassMiB } = definition
  return {
    ...{ id: 'looking-glass', title: 'Looking Glass', port: null },
    text: 'The card’s picture in a window of this host, through shared memory. Brings keyboard and mouse; the clipboard goes by SPICE.',
    needs: [
      lookingGlassMiB === null
        ? missing('The VM has no memory for the picture; switch Looking Glass on in step 8.', 'definition')
        : ok(`${lookingGlassMiB} MiB of shared memory.`),
      viewerHere(facts.peripherals.viewers, 'looking-glass-client', 'looking-glass-client'),
      definition.spice
        ? ok('The VM has SPICE for the clipboard, and for keyboard and mouse with older versions.')
        : yours('Without SPICE there is no clipboard, and older versions cannot type; step 8 can switch it on.'),
      yours('Looking Glass’ display driver (IDD), or its older host program, is installed in the guest.'),
      yours('It has the same version as the client here, which no distribution packages: it is built from source.'),
      yours('With the older host program: a monitor or a dummy plug on the card. The display driver needs none.'),
    ],
  }
}

function sunshine(sight: DisplayContext): SeeingOption {
  return {
    ...{ id: 'sunshine', title: 'Sunshine and Moonlight', port: GUEST_PORTS.sunshine ?? null },
    text: 'The card encodes its picture; a Moonlight client anywhere shows it. Brings keyboard and mouse.',
    needs: [
      network(sight.definition),
      viewer(sight.facts.peripherals.viewers, 'moonlight', 'Moonlight'),
      yours('Sunshine is installed in the guest and paired with the client.'),
      PLUG,
    ],
  }
}

function rdp({ definition, facts }: DisplayContext): SeeingOption {
  const windows = definition.profile.startsWith('windows')
  return {
    ...{ id: 'rdp', title: 'Remote desktop (RDP)', port: GUEST_PORTS.rdp ?? null },
    text: 'For office work and repair. Brings keyboard and mouse; needs no monitor and no plug.',
    needs: [
      network(definition),
      viewer(facts.peripherals.viewers, 'xfreerdp', 'An RDP client (FreeRDP, Remmina)'),
      yours(
        windows
          ? 'Remote Desktop is switched on in the guest; Windows Home does not have it.'
          : 'xrdp or the desktop’s own sharing runs in the guest.',
      ),
    ],
  }
}

function anyware({ definition, facts }: DisplayContext): SeeingOption {
  return {
    ...{ id: 'anyware', title: 'HP Anyware (PCoIP)', port: GUEST_PORTS.anyware ?? null },
    text: 'The paper’s protocol, by an agent in the guest today. Brings keyboard, mouse and tablets.',
    needs: [
      network(definition),
      viewer(facts.peripherals.viewers, 'pcoip-client', 'The PCoIP client (a zero client does as well)'),
      yours('The graphics agent is installed in the guest, with a licence. UDP 4172 is open as well.'),
    ],
  }
}

/** As in the paper: the host card takes the picture by cable and needs nothing of the guest but a driver for USB. */
function pcoipCard({ facts, definition }: DisplayContext): SeeingOption {
  const cards = facts.devices.filter(isPcoipCard)
  const passed = cards.some(({ address }) => definition.extraDevices.includes(address))
  return {
    ...{ id: 'pcoip-card', title: 'PCoIP host card', port: null },
    text: 'As in the paper: a cable from the card into the host card, and a zero client at the desk.',
    needs: [
      passed
        ? ok('The host card goes along with the VM; keyboard and mouse come through it.')
        : missing('The host card does not go along with the VM; choose it in step 8.', 'definition'),
      yours('A DisplayPort cable leads from the card into the host card.'),
      yours('The host card is on the network and paired with a zero client.'),
    ],
  }
}

/** Nothing from outside gets into the network that QEMU makes for itself. */
function network(definition: VmDefinition): Need {
  if (tapsOf(definition).length > 0) return ok('The VM is on a bridge, so others can reach it.')
  return missing('The VM has a private network that nobody can reach; choose a bridge in step 7.', 'network')
}

/** The client may as well run on another machine, so its absence here is no hindrance. */
function viewer(viewers: OrUnknown<string[]>, name: ViewerName, title: string): Need {
  return (
    installed(viewers, name, title) ?? yours(`${title} is not installed here; it has to be on the machine you sit at.`)
  )
}

/** What goes through this host's memory or a socket of it can be seen here only. */
function viewerHere(viewers: OrUnknown<string[]>, name: ViewerName, title: string): Need {
  return installed(viewers, name, title) ?? missing(`${title} is not installed here.`, null)
}

function installed(viewers: OrUnknown<string[]>, name: ViewerName, title: string): Need | null {
  if (isUnknown(viewers)) return unseen(`${title}: whether it is installed here is not known.`)
  return viewers.includes(name) ? ok(`${title} is installed here.`) : null
}
