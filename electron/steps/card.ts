import type { Choices } from '../../shared/choices.ts'
import type { Facts, IommuGroup } from '../../shared/facts.ts'
import { type Device, classWords, deviceName, isBridge, isGpu, shortAddress, slotOf } from '../../shared/pci.ts'
import { isUnknown } from '../../shared/unknown.ts'
import type { Finding } from '../../shared/finding.ts'
import { advise, fail, goTo } from './step.ts'
import type { GpuView } from '../../shared/wizard.ts'

type Reason = GpuView['verdict']['reasons'][number]

/** Every card of this host that could be handed over: one per slot that holds a GPU, with a verdict in words. */
export function cardsOf(facts: Facts): GpuView[] {
  return facts.devices.filter(isGpu).map((gpu) => cardOf(facts, gpu))
}

/** The card the admin chose, else the only one that is not ruled out; null when a person has to decide. */
export function chosenCard(facts: Facts, choices: Choices): GpuView | null {
  const cards = cardsOf(facts)
  const { address } = choices.gpu
  if (address !== null) return cards.find((card) => card.address === address) ?? null
  const possible = cards.filter((card) => card.verdict.status !== 'blocked')
  return possible.length === 1 ? (possible[0] ?? null) : null
}

/** Why there is no card to work with, and where to go. Called when `chosenCard` is null. */
export function noCard(facts: Facts, code: string): Finding {
  const cards = cardsOf(facts)
  if (cards.length === 0)
    return fail(code, 'There is no GPU on this machine to hand over.', [], advise('Step 4 lists what the kernel sees.'))
  if (cards.every((card) => card.verdict.status === 'blocked'))
    return fail(code, 'No card of this machine can be handed over.', [], advise('Step 4 says why.'))
  return fail(code, 'No card is chosen yet.', [], goTo('gpu', 'Step 4 chooses the card.'))
}

function cardOf(facts: Facts, gpu: Device): GpuView {
  const functions = facts.devices.filter((device) => slotOf(device.address) === slotOf(gpu.address))
  const group = facts.iommu.groups.find((candidate) => candidate.id === gpu.iommuGroup) ?? null
  const members = group === null ? [] : facts.devices.filter((device) => group.devices.includes(device.address))
  const others = members.filter((member) => !functions.includes(member))
  const foreign = others.filter((member) => !isBridge(member))
  const sameIds = (other: Device) => other.vendorId === gpu.vendorId && other.deviceId === gpu.deviceId
  const card = {
    address: gpu.address,
    name: deviceName(gpu),
    functions,
    iommuGroup: gpu.iommuGroup,
    groupMembers: members.map((member) => member.address),
    bridges: others.filter(isBridge).map((member) => member.address),
    foreignEndpoints: foreign.map((member) => member.address),
    identicalTo: facts.devices
      .filter((other) => other !== gpu && isGpu(other) && sameIds(other))
      .map((other) => other.address),
  }
  return { ...card, verdict: judge(facts, gpu, functions, foreign, group) }
}

function judge(
  facts: Facts,
  gpu: Device,
  functions: Device[],
  foreign: Device[],
  group: IommuGroup | null,
): GpuView['verdict'] {
  const blocked = [
    ...claimReasons(facts, [...functions, ...foreign]),
    ...mappingReasons(group),
    ...configSpaceReasons(functions),
  ]
  if (blocked.length > 0) return { status: 'blocked', reasons: blocked }
  if (isUnknown(facts.claims)) {
    return {
      status: 'unknown',
      reasons: [{ code: 'claims-unknown', text: `What the host needs cannot be read: ${facts.claims.unknown}.` }],
    }
  }
  const work = workReasons(gpu, functions, foreign, group)
  if (work.length > 0) return { status: 'needs-work', reasons: work }
  return { status: 'ready', reasons: [{ code: 'bound', text: 'All functions are held by vfio-pci.' }] }
}

function claimReasons(facts: Facts, devices: readonly Device[]): Reason[] {
  if (isUnknown(facts.claims)) return []
  const claims = facts.claims.filter((claim) => devices.some((device) => device.address === claim.address))
  return claims.map((claim) => {
    const device = devices.find((candidate) => candidate.address === claim.address)
    const what = device === undefined ? 'device' : classWords(device.classId)
    return {
      code: `host-needs-${claim.kind}`,
      text: `${shortAddress(claim.address)} (${what}) would go along, but ${claim.detail}.`,
    }
  })
}

/** `direct` regions (not direct-relaxable) make VFIO refuse the group (kernel iommu.c, RESV_DIRECT). */
function mappingReasons(group: IommuGroup | null): Reason[] {
  if (group === null || isUnknown(group.reserved)) return []
  const direct = group.reserved.filter((region) => region.type === 'direct')
  if (direct.length === 0) return []
  return [
    {
      code: 'direct-mapping',
      text: `Firmware demands a fixed 1:1 mapping for group ${group.id} (${direct.length} regions); VFIO refuses such a group.`,
    },
  ]
}

function configSpaceReasons(functions: readonly Device[]): Reason[] {
  const dead = functions.filter((device) => device.vendorId === 'ffff')
  return dead.map((device) => ({
    code: 'config-space-dead',
    text: `${shortAddress(device.address)} does not answer (its ids read ffff); only a power cycle helps.`,
  }))
}

function workReasons(
  gpu: Device,
  functions: readonly Device[],
  foreign: readonly Device[],
  group: IommuGroup | null,
): Reason[] {
  const reasons: Reason[] = []
  if (group === null) reasons.push({ code: 'no-group', text: 'It has no IOMMU group yet; the IOMMU is off.' })
  for (const device of foreign.filter((member) => member.driver !== null && member.driver !== 'vfio-pci')) {
    const text = `${shortAddress(device.address)} (${classWords(device.classId)}, on ${device.driver ?? 'no driver'}) shares its IOMMU group.`
    reasons.push({ code: 'group-shared', text })
  }
  for (const device of functions.filter((member) => !isBridge(member) && member.driver !== 'vfio-pci')) {
    reasons.push({
      code: 'held-by-host',
      text: `${shortAddress(device.address)} is ${device.driver === null ? 'without a driver' : `held by ${device.driver}`}.`,
    })
  }
  if (gpu.bootVga === true) reasons.push({ code: 'boot-vga', text: 'It is the boot display of this host.' })
  return reasons.length === 1 && reasons[0]?.code === 'boot-vga' ? [] : reasons
}
