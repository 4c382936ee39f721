import { tapName, vmMac } from '#shared/facts/network.ts'
import type { ChosenNic, NicModel } from '#shared/vm/options/network.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { chooseProcessors } from '../compute/processors.ts'
import { isProof } from '../machine/profile.ts'
import type { DefineContext, Topic } from '../topic.ts'
import { chosenBridge } from './bridges.ts'
import { nicModels } from './models.ts'
import { nicArguments } from './nic-arguments.ts'

/** As many as carry more than the links of a workstation do. */
const MOST_QUEUES = 4

export const network: Topic<'network'> = {
  define: (context) => {
    const { definition: choice } = context.choices
    const proof = isProof(choice)
    return {
      network: connection(context),
      nicModel: proof ? 'virtio' : choice.nicModel,
      moreNics: proof ? [] : choice.moreNics.map((nic) => furtherCard(context, nic)),
    }
  },
  view: ({ qemu }) => ({ nicModels: nicModels(qemu) }),
  choicesOf: ({ nicModel, moreNics }) => ({ nicModel, moreNics: moreNics.map(chosenOf) }),
  argv: {
    network: ({ definition, withHost }) =>
      isProof(definition)
        ? [{ reason: 'The proof guest needs no network.', args: ['-nic', 'none'] }]
        : nicArguments(definition, withHost),
  },
}

/** The first card's network, which step 7 chooses: a tap in the chosen bridge, which the VM's start makes. */
function connection(context: DefineContext): VmDefinition['network'] {
  const { facts, choices } = context
  const own = macAddress(context)
  const mac = own === undefined ? {} : { mac: own }
  const { mode, forwards } = choices.network
  if (mode === 'user') return { kind: 'user', ...mac, ...(forwards.length === 0 ? {} : { forwards }) }
  const bridge = chosenBridge(facts, choices)?.name
  return { ...tap(context, 1, choices.definition.nicModel), ...mac, ...(bridge === undefined ? {} : { bridge }) }
}

/** vhost, which only virtio uses, where the kernel offers it. */
function tap(context: DefineContext, number: number, model: NicModel) {
  const vhost = context.facts.network.vhostNet && model === 'virtio'
  const queues = vhost ? queuesOf(context) : 1
  return {
    ...{ kind: 'tap' as const, tap: tapName(context.choices.definition.name, number), vhost },
    ...(queues > 1 ? { queues } : {}),
  }
}

/** One for each of the guest's processors, so that they do not wait for each other; the host has a thread for each. */
function queuesOf({ facts, choices: { definition: choice }, card }: DefineContext): number {
  const { cores, threads } = chooseProcessors(facts, choice, card).size
  return Math.min(cores * threads, MOST_QUEUES)
}

function furtherCard(context: DefineContext, { number, model, bridge }: ChosenNic): VmDefinition['moreNics'][number] {
  const { written, choices } = context
  const kept = written?.moreNics.find((nic) => nic.number === number)?.network.mac
  const mac = kept ?? vmMac(hostKey(context), choices.definition.name, number)
  if (bridge === null) return { number, model, network: { kind: 'user', mac } }
  return { number, model, network: { ...tap(context, number, model), mac, bridge } }
}

function chosenOf({ number, model, network }: VmDefinition['moreNics'][number]): ChosenNic {
  return { number, model, bridge: network.kind === 'tap' ? network.bridge : null }
}

/**
 * The address the VM's network card was made with. A VM from before it was kept has QEMU's, which all VMs share; that
 * does on a network of its own, not on a bridge.
 */
function macAddress(context: DefineContext): string | undefined {
  const { choices, written } = context
  const { mode } = choices.network
  if (written?.network.mac !== undefined) return written.network.mac
  if (written !== null && !isProof(written) && written.network.kind === 'user' && mode === 'user') return undefined
  return vmMac(hostKey(context), choices.definition.name)
}

/** What no other host has. */
function hostKey({ facts: { host } }: DefineContext): string {
  return host.seed ?? host.hostname
}
