import { classWords, shortAddress } from '#shared/facts/pci.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import { WHEN_WORDS } from '#shared/units/reserved-unit.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { givenTo } from '#shared/vm/vm.ts'
import type { ViewContext } from '../topic.ts'

/** Returns what is reserved, what the VM has besides because somebody else gave it to VFIO, and what it lacks. */
export function offeredUnits({ choices, taken, missing, reserved, vms }: ViewContext): DefinitionView['units'] {
  const own = reserved.map((unit) => ({ unit, how: WHEN_WORDS[unit.when] }))
  const others = taken
    .filter((unit) => !reserved.some(({ address }) => address === unit.address))
    .map((unit) => ({ unit, how: 'held by VFIO, not by this program' }))
  const there = [...own, ...others].map(({ unit, how }) => {
    const beside = [...vms].filter(([name, vm]) => {
      return name !== choices.definition.name && unit.functions.some(({ address }) => givenTo(vm).includes(address))
    })
    const too = beside.map(([name]) => `“${name}”`).join(' and ')
    return {
      address: unit.address,
      kind: unit.kind,
      functions: unit.functions.map(({ address }) => address),
      title: titleOf(unit),
      text: too === '' ? `${how}.` : `${how}; ${too} has it too, so only one of them runs at a time.`,
      taken: taken.some(({ address }) => address === unit.address),
      blocked: null,
    }
  })
  const cards = choices.definition.cards ?? []
  return [...there, ...missing.map((address) => missingUnit(address, cards.includes(address) ? 'card' : 'device'))]
}

/** What the VM was to have, so that it can be left out. */
function missingUnit(address: string, kind: UnitView['kind']): DefinitionView['units'][number] {
  const text = 'It is not reserved for VMs, or not there any more.'
  return {
    address,
    kind,
    functions: [address],
    title: shortAddress(address),
    text,
    taken: true,
    blocked: text,
  }
}

function titleOf({ address, name, functions, kind }: UnitView): string {
  const [lead] = functions
  const what = kind === 'card' || lead === undefined ? name : `${classWords(lead.classId)}, ${name}`
  return `${shortAddress(address)} ${what}`
}
