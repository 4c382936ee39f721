import { describe, expect, it } from 'vitest'
import { SimulatedHelper } from '#app/privilege/helper-client.ts'
import { fixedPrivilege } from '#app/privilege/privilege.ts'
import { makeBundle } from '#app/report/bundle.ts'
import { MemoryStore } from '#app/session/state-store.ts'
import { Studio } from '#app/studio.ts'
import { archGrub, archSystemdBoot } from '#e2e/hosts/distros/arch.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub, debianSystemdBoot } from '#e2e/hosts/distros/debian.ts'
import { fedora } from '#e2e/hosts/distros/fedora.ts'
import { openSuse } from '#e2e/hosts/distros/others.ts'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { parseRecording } from '#host/recorded/recording.ts'
import type { Description } from '#host/simulated/description.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { SimulatedVm } from '#vm/simulated.ts'

/** Everything that is written in a VM's script, on a bridge. */
function everything(choices: Choices): Choices {
  const definition: Partial<Choices['definition']> = {
    ...{ name: 'workshop-of-mira', profile: 'windows-11', tpm: true, pin: true, hugePages: true, audio: 'pa' },
    ...{ installIso: '/srv/images/mira win11.iso', driverIso: '/srv/images/virtio.iso', spice: true },
    lookingGlass: { width: 1920, height: 1080 },
    usb: [{ port: '1-1.4', vendorId: '064f', productId: '2af9' }],
    moreNics: [
      { number: 2, model: 'e1000e', bridge: null },
      { number: 3, model: 'virtio', bridge: 'br-mira' },
    ],
    sharedFolders: [{ number: 1, directory: '/srv/plans', tag: 'mira-plans', readOnly: true }],
    evdev: ['/dev/input/by-id/usb-Logitech_USB_Keyboard-event-kbd'],
  }
  return {
    ...choices,
    definition: { ...choices.definition, ...definition },
    network: { ...choices.network, mode: 'new-bridge', bridge: 'br-mira' },
  }
}

const plain = (choices: Choices) => choices

const HOSTS: readonly [string, Description, (choices: Choices) => Choices][] = [
  ['the paper’s workstation', PAPER_WORKSTATION, plain],
  ['the same with every option of a VM', PAPER_WORKSTATION, everything],
  ...[debianGrub, debianSystemdBoot, fedora, archGrub, archSystemdBoot, openSuse].map(
    (distro): [string, Description, (choices: Choices) => Choices] => [distro.name, machineOf(distro), plain],
  ),
]

/** Applies what a step has to change, and reboots where it asks for that. */
async function carryOut(studio: Studio, id: StepId): Promise<void> {
  const { plan } = studio.viewOf(id)
  if (plan.changes.length === 0) return
  await studio.apply(plan.id, plan.confirm?.type ?? null)
  if (plan.rebootNeeded) await studio.reboot()
}

/** A host after all steps were carried out. */
async function changed(description: Description, choose: (choices: Choices) => Choices): Promise<Studio> {
  const host = simulated(description)
  const studio = new Studio({
    host,
    helper: new SimulatedHelper(host),
    vm: new SimulatedVm(),
    store: new MemoryStore(),
    privilege: fixedPrivilege('', null),
  })
  await studio.open()
  await studio.choose(choose(studio.current.saved.choices))
  for (const id of ['kernel', 'boot', 'bind', 'network', 'definition'] as const) await carryOut(studio, id)
  if (studio.viewOf('verify').findings.every(({ status }) => status !== 'fail')) await studio.startVm()
  return studio
}

/** What a page says of each step; of files that are still to be written their places. */
function pagesOf({ current }: Studio): string[] {
  return current.steps.flatMap(({ id, verdict, plan, findings }) => [
    `${id} ${verdict.status}`,
    ...plan.changes.map(({ change }) => `${id} ${change.kind}`),
    ...findings.map(({ code, status }) => `${id} ${code} ${status}`),
  ])
}

describe('a bundle of a host this program changed', () => {
  it.each(HOSTS)('of %s shows every step as it is, and nothing that drifted', async (_name, description, choose) => {
    const studio = await changed(description, choose)
    expect(studio.viewOf('definition').findings.filter(({ status }) => status === 'fail')).toEqual([])
    const { session, current } = studio
    const recording = parseRecording((await makeBundle(session, current.saved)).text, 'host.json')
    const store = new MemoryStore({ ...current.saved, ...recording.saved })
    const replay = new Studio({ ...session, host: new RecordedHost(recording), store })
    await replay.open()
    expect(pagesOf(replay)).toEqual(pagesOf(studio))
    expect(replay.current.health?.changes).toEqual(current.health?.changes)
    expect(replay.current.health?.verdict.status).toEqual(current.health?.verdict.status)
  })
})
