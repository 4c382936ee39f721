import { listText } from '#shared/base/number-list.ts'
import { inWords, onOff } from '../decided.ts'
import { isWindows } from '../machine/profile.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { Topic } from '../topic.ts'
import { cpuProperties } from './cpu-properties.ts'
import { pageOptions } from './huge-pages.ts'
import { decideMemory, memoryArguments } from './memory.ts'
import { cpuIsolationBlocked, decidePinning, decideSetApart, SET_APART_REASON } from './pinning.ts'
import { chooseProcessors } from './processors.ts'
import { placeInWords, sizeInWords } from './words.ts'

export const compute: Topic<'compute'> = {
  define: (context) => {
    const { facts, card } = context
    const choice = context.choices.definition
    const memory = decideMemory(facts, choice, card).value
    const chosen = chooseProcessors(facts, choice, card)
    const pinning = decidePinning(choice, chosen).value
    const setApart = decideSetApart(facts, choice, pinning)
    const processors = { ...chosen.size, pinnedTo: pinning === null ? [] : chosen.cores, apart: setApart }
    return {
      memoryMiB: memory.sizeMiB,
      cpu: { ...chosen.size, properties: cpuProperties(context, processors) },
      hugePages: choice.hugePages,
      pinning,
      setApart,
      memoryNode: memory.node,
      hugePageMiB: choice.hugePageMiB,
    }
  },
  view: ({ facts, choices: { definition: choice }, card }) => {
    const memory = decideMemory(facts, choice, card)
    const chosen = chooseProcessors(facts, choice, card)
    const pinning = decidePinning(choice, chosen)
    return {
      memory: inWords(memory, ({ sizeMiB }) => `${sizeMiB} MiB`),
      processors: inWords(sizeInWords(choice, chosen), ({ cores, threads }) => `${cores * threads}`),
      pinning: inWords(pinning, (value) => onOff(value !== null)),
      hostProcessors: placeInWords(choice, chosen, pinning.value),
      setApart: { reason: SET_APART_REASON, blocked: cpuIsolationBlocked(facts, pinning.value) },
      pages: pageOptions(facts, memory.value.sizeMiB),
    }
  },
  choicesOf: ({ memoryMiB, cpu, hugePages, hugePageMiB, pinning, setApart }) => ({
    memoryMiB,
    vcpus: cpu.cores * cpu.threads,
    pin: pinning !== null,
    hugePages,
    hugePageMiB,
    setApart,
    processors: pinning === null ? null : listText(pinning.vcpus),
  }),
  argv: { machine: (context) => [memoryArguments(context), ...processors(context), ...clock(context)] },
}

function processors({ definition }: ArgumentContext): ArgumentGroup[] {
  const { cores, threads, properties } = definition.cpu
  return [
    {
      reason: `The host processor as it is${isWindows(definition) ? ', with what Windows knows of Hyper-V' : ''}.`,
      args: ['-cpu', ['host', ...properties].join(',')],
    },
    {
      reason: 'Processors.',
      args: ['-smp', `${cores * threads},sockets=1,cores=${cores},threads=${threads}`],
    },
  ]
}

/** The other source of lost ticks, KVM's timer (kvm-pit), makes up for them without being told (hw/i386/kvm/i8254.c). */
function clock({ definition }: ArgumentContext): ArgumentGroup[] {
  if (!isWindows(definition)) return []
  const reason =
    'Windows keeps local time in the clock, and gets the ticks later that it missed while the host was busy.'
  return [{ reason, args: ['-rtc', 'base=localtime,driftfix=slew'] }]
}
