import { describe, expect, it } from 'vitest'
import { evaluateSteps } from '#app/evaluate-steps.ts'
import { situationOf } from '#core/situation.ts'
import { archGrub, archSystemdBoot } from '#e2e/hosts/distros/arch.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub, debianSystemdBoot, popOs } from '#e2e/hosts/distros/debian.ts'
import { fedora, rhel7 } from '#e2e/hosts/distros/fedora.ts'
import { openSuse, tumbleweed } from '#e2e/hosts/distros/others.ts'
import { readBootMenu } from '#helper/allow-list/read-boot-menu.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { RootReads } from '#host/real/root-reads.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { describe as describeMachine } from '#host/simulated/describe.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { ListResult, ReadResult } from '#shared/base/system.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'

/** Unified kernel images stay closed: their text is too large to be handed over. */
const DISTROS = [debianGrub, debianSystemdBoot, popOs, fedora, rhel7, archGrub, archSystemdBoot, openSuse, tumbleweed]
const CLOSED = /^(\/boot\/(loader|grub2?|efi)|\/efi)\//u
const WHY = { kind: 'denied', why: 'EACCES' } as const

/** The same machine, as an ordinary user sees it who may read nothing of the boot menu. */
class UserHost extends SimulatedHost {
  readonly opened = new RootReads()

  override async read(path: string): Promise<ReadResult> {
    return this.opened.read(path, CLOSED.test(path) ? WHY : await super.read(path))
  }

  override async list(path: string): Promise<ListResult> {
    return this.opened.list(path, CLOSED.test(`${path}/`) ? WHY : await super.list(path))
  }
}

function recordingOf(distro: Distro): Recording {
  const machine = describeMachine(machineOf(distro))
  if (distro === rhel7) machine.links['/etc/grub2-efi.cfg'] = '../boot/efi/EFI/centos/grub.cfg'
  return machine
}

const look = (host: SimulatedHost) => gatherFacts(host, { dryStart: null, guestReport: null })

describe('a boot menu that only root may read', () => {
  it.each(DISTROS)('is unknown to a user of $name, with the button that reads it', async (distro) => {
    const facts = await look(new UserHost(recordingOf(distro)))
    const boot = evaluateSteps(situationOf(facts, DEFAULT_CHOICES), []).find((view) => view.id === 'boot')
    expect(boot?.verdict.status).not.toBe('ok')
    expect(boot?.plan.changes).toEqual([])
    expect(boot?.findings.map((finding) => finding.fix?.action)).toContain('read-closed')
  })

  it.each(DISTROS)('is the same to a user of $name once root has read it', async (distro) => {
    const machine = recordingOf(distro)
    const user = new UserHost(machine)
    user.opened.keep(await readBootMenu(new SimulatedHost(machine)))
    const [asUser, asRoot] = [await look(user), await look(new SimulatedHost(machine))]
    expect(asUser.boot).toEqual(asRoot.boot)
    expect(asUser.files).toEqual(asRoot.files)
  })
})
