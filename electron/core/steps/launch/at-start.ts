import { isOnlyScreen, unitsAtStart, usersOf } from '#core/definition/card/at-start.ts'
import { citeChoice, citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { holderNames, mayEndWith, serviceOf, stopAdvice } from '#shared/facts/holder-words.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { badReset } from '#shared/units/bad-resets.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { passedFunctions, type TakenUnit } from '#shared/units/unit-view.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Evidence, Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix, pass, warn } from '../step.ts'

const HOLDERS = '/proc/*/fd, /proc/*/maps'
const AT_BOOT = 'Reserve it in step 4 at each boot instead: it then moves at the next boot.'

/** Judges what the VM's start takes from the host's drivers: who has it now, what is stopped for it, and the picture. */
export function atStart(situation: Situation): Finding[] {
  const units = unitsAtStart(situation.taken)
  if (units.length === 0) return []
  return [...units.map((unit) => taking(situation, unit)), ...picture(situation, units)]
}

function taking(situation: Situation, unit: TakenUnit): Finding {
  const { facts, choices } = situation
  const code = { code: 'launch-at-start', about: unit.address } as const
  const what = `${unit.name} at ${shortAddress(unit.address)}`
  const drivers = passedFunctions(unit).map(
    ({ address, driver }) => `${shortAddress(address)} ${driver ?? 'no driver'}`,
  )
  const seen = [citeFile('/sys/bus/pci/devices/*/driver', drivers.join('\n'))]
  if (!facts.network.systemd) {
    const text = `${what} would not come back: without systemd nobody gives it back when the VM ends.`
    return fail(code, text, [citeFile('/run/systemd/system', null)], fixInStep('cards', AT_BOOT))
  }
  const stuck = unit.functions.filter((device) => device.stuck)
  if (stuck.length > 0)
    return fail(code, `The kernel hangs on ${what} since an earlier try.`, seen, manualFix('Reboot the host.'))
  const [bad] = passedFunctions(unit).flatMap((device) => badReset(device) ?? [])
  if (bad !== undefined) return fail(code, `${what} would not come back. ${bad}`, seen, fixInStep('cards', AT_BOOT))
  const users = usersOf(facts, [unit])
  const stay = users.filter((user) => !mayEndWith(user, choices.definition.stopAtStart))
  const open = passedFunctions(unit).some((device) => !heldByVfio(device))
  if (open && stay.length > 0) {
    const quote = citeFile(HOLDERS, stay.map(({ pid, node }) => `${pid} ${node}`).join('\n'))
    const service = stay.map(serviceOf).find((one) => one !== null)
    const text = `${what} is in use by ${holderNames(stay)}, so the start would not take it.`
    const advice = `${stopAdvice(stay)} Or ${AT_BOOT.charAt(0).toLowerCase()}${AT_BOOT.slice(1)}`
    const fix =
      service === undefined
        ? manualFix(advice)
        : fixInStep('definition', `Tick there that ${service} is stopped for it.`)
    return fail(code, text, [...seen, quote], fix)
  }
  return pass(code, `${what} is taken at the start and given back at the end.${stopping(situation)}`, [
    ...seen,
    citeFile(HOLDERS, users.map(({ pid, node }) => `${pid} ${node}`).join('\n') || 'nobody who can be seen'),
  ])
}

/** What a start stops, in a sentence. */
function stopping({ choices, facts }: Situation): string {
  const { stopAtStart } = choices.definition
  const look = facts.holders.complete ? '' : ' Root looks once more who uses it.'
  return stopAtStart.length === 0 ? look : ` ${stopAtStart.join(' and ')} is stopped meanwhile.${look}`
}

/** Judges the end of the host's picture: whether it comes back by itself, and how the host is reached meanwhile. */
function picture({ facts, choices }: Situation, units: readonly TakenUnit[]): Finding[] {
  if (!isOnlyScreen(facts, units)) return []
  const seen = [citeFile('/sys/class/drm', 'no other screen connected')]
  return [darkness(choices, seen), ...wayIn(facts, seen)]
}

function darkness({ definition: { comeBackMinutes: minutes } }: Choices, seen: Evidence[]): Finding {
  const dark =
    'The host’s only screen goes dark when the VM starts, and this window ends with the session; the picture is back when the VM ends.'
  if (minutes !== null)
    return pass('launch-only-screen', `${dark} If the guest is not up after ${minutes} minutes, the VM is ended.`, [
      ...seen,
      citeChoice(`${minutes} minutes`),
    ])
  const fix = fixInStep('definition', 'Choose there after how many minutes it is ended.')
  return warn('launch-only-screen', `${dark} Should the guest not come up, nobody ends the VM.`, seen, fix)
}

/** Judges the other way into a host without a picture. */
function wayIn({ network }: Facts, seen: Evidence[]): Finding[] {
  const { sshListens } = network
  const source = [...seen, citeFile('/proc/net/tcp, /proc/net/tcp6', isUnknown(sshListens) ? sshListens.unknown : null)]
  if (isUnknown(sshListens))
    return [warn('launch-way-in', 'Whether a server for SSH listens meanwhile cannot be told; try it first.', source)]
  if (!sshListens) {
    const text = 'No server for SSH listens: without a picture there is no other way into this host.'
    return [warn('launch-way-in', text, source, manualFix('Install and start an SSH server, and log in once.'))]
  }
  const heard = [...seen, citeFile('/proc/net/tcp, /proc/net/tcp6', 'an SSH port in state LISTEN')]
  return [pass('launch-way-in', `Meanwhile the host is reached by SSH${addressOf(network)}.`, heard)]
}

function addressOf({ links }: Facts['network']): string {
  const addresses = links.flatMap(({ addresses: of }) => (isUnknown(of) ? [] : of))
  const plain = addresses.map((address) => address.split('/')[0] ?? '')
  const first = plain.find((address) => !/^(127\.|::1|fe80:)/u.test(address))
  return first === undefined ? '' : ` at ${first}`
}
