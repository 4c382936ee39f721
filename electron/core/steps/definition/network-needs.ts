import { bridgesOf } from '#core/definition/network/bridges.ts'
import { chosenPorts, hostPorts } from '#core/definition/network/host-ports.ts'
import { nicModels } from '#core/definition/network/models.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix, warn } from '../step.ts'
import { lacking } from './lacking.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'qemu'>

/** Judges whether this QEMU has the chosen kinds of network cards, and this host the bridges of those beside the first. */
export function networkNeeds(about: About): Finding[] {
  return [...models(about), ...bridges(about)]
}

function models({ qemu, choices: { definition } }: About): Finding[] {
  const used = [definition.nicModel, ...definition.moreNics.map(({ model }) => model)]
  return lacking(qemu, nicModels(qemu), used, {
    code: 'definition-network',
    text: (title) => `No network card can be ${title}`,
    fix: 'Choose the other kind.',
  })
}

function bridges({ facts, choices: { definition } }: About): Finding[] {
  const names = bridgesOf(facts).map(({ name }) => name)
  return definition.moreNics.flatMap(({ number, bridge }) => {
    if (bridge === null || names.includes(bridge)) return []
    const code = { code: 'definition-network', about: String(number) } as const
    const text = `Network card ${number} cannot join ${bridge}: this host has no bridge of that name.`
    const advice = manualFix('Choose another network for the card in step 8, or make that bridge first.')
    return [fail(code, text, [citeFile('/sys/class/net', names.join(' ') || 'no bridge')], advice)]
  })
}

/** Judges whether a port of the host that leads to this guest leads to another VM's too: QEMU ends without its port. */
export function portNeeds({ choices, written }: Situation): Finding[] {
  const others = [...written].filter(([name]) => name !== choices.definition.name)
  return chosenPorts(choices).flatMap((port) => {
    const holders = others.filter(([, vm]) => hostPorts(vm).includes(port))
    if (holders.length === 0) return []
    const names = holders.map(([name]) => `"${name}"`).join(' and ')
    const text = `${port} leads to the VM ${names} too: it does not run beside this one.`
    const seen = holders.map(([name]) => citeFile(vmPaths(name).definition, port))
    const advice = fixInStep('network', 'Choose another port in step 7, or run one after the other.')
    return [warn({ code: 'definition-network', about: port }, text, seen, advice)]
  })
}
