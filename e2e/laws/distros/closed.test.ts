import { stderr, stdout } from 'node:process'
import { describe, expect, it, vi } from 'vitest'
import { paperStudio } from '#app/session/paper-studio.fixture.ts'
import { stepView } from '#app/step-view.fixture.ts'
import { apply } from '#cli/apply.ts'
import { parseCommand } from '#cli/arguments.ts'
import { archGrub, archSystemdBoot, archUki } from '#e2e/hosts/distros/arch.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { debianDracutUki, debianGrub, debianSystemdBoot, debianUki, popOs } from '#e2e/hosts/distros/debian.ts'
import { fedora, rhel7 } from '#e2e/hosts/distros/fedora.ts'
import { openSuse, tumbleweed } from '#e2e/hosts/distros/others.ts'
import { readBootMenu } from '#helper/allow-list/read-boot-menu.ts'
import { Executor } from '#helper/executor.ts'
import { RootReads } from '#host/real/root-reads.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { ListResult, ReadResult } from '#shared/base/system.ts'

const DISTROS = [
  ...[debianGrub, debianSystemdBoot, debianUki, debianDracutUki, popOs, fedora, rhel7],
  ...[archGrub, archSystemdBoot, archUki, openSuse, tumbleweed],
]
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

function recorded(distro: Distro): Recording {
  return recordingOf(machineOf(distro))
}

describe('a boot menu that only root may read', () => {
  it.each(DISTROS)('is unknown to a user of $name, who is offered a button', async (distro) => {
    const facts = await factsFrom(new UserHost(recorded(distro)))
    const boot = stepView(facts, 'boot')
    expect(boot.verdict.status).not.toBe('ok')
    expect(boot.plan.changes).toEqual([])
    expect(boot.findings.map((finding) => finding.fix?.action)).toContain('read-closed')
  })

  it.each(DISTROS)('reads the same to a user of $name once root has opened it', async (distro) => {
    const machine = recorded(distro)
    const user = new UserHost(machine)
    user.opened.keep(await readBootMenu(new SimulatedHost(machine)))
    const [asUser, asRoot] = [await factsFrom(user), await factsFrom(new SimulatedHost(machine))]
    expect(asUser.boot).toEqual(asRoot.boot)
    expect(asUser.files).toEqual(asRoot.files)
  })

  it.each([debianSystemdBoot, debianUki])(
    'has step 5 of $name wait until it is known what to build',
    async (distro) => {
      const machine = recorded({ ...distro, cmdline: `${distro.cmdline} intel_iommu=on` })
      const user = new UserHost(machine)
      await new Executor(user, 0, () => undefined).apply(stepView(await factsFrom(user), 'kernel').plan)
      const bind = stepView(await factsFrom(user), 'bind')
      expect(bind.plan.changes).toEqual([])
      expect(bind.findings.find(({ code }) => code === 'bind-at-boot')).toMatchObject({
        status: 'unknown',
        fix: { action: 'read-closed' },
      })
      user.opened.keep(await readBootMenu(new SimulatedHost(machine)))
      const outputs = stepView(await factsFrom(user), 'bind').plan.changes.flatMap(({ change }) =>
        'outputs' in change ? change.outputs : [],
      )
      expect(outputs.some((path) => path.startsWith('/boot/efi/'))).toBe(true)
    },
  )

  it('is read first by apply on the command line', async () => {
    const { studio, host } = await paperStudio()
    const read = host.read.bind(host)
    let isOpen = false
    host.read = async (path) => (!isOpen && CLOSED.test(path) ? WHY : read(path))
    studio.session.helper.readClosed = async () => {
      isOpen = true
    }
    await studio.open()
    expect(studio.viewOf('boot')).toMatchObject({ plan: { changes: [] }, verdict: { status: 'unknown' } })
    const quiet = [stdout, stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(() => true))
    try {
      expect(await apply(studio, parseCommand(['apply', 'boot']))).toBe(0)
    } finally {
      quiet.forEach((spy) => spy.mockRestore())
    }
    expect([...host.tree().keys()]).toContain(OWN_FILES.grubDefaults)
  })
})
