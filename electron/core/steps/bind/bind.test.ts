import { expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { earlyScript } from '#core/texts/early-bind.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { bind } from './bind.ts'
import { earlyFunctions } from './bind-plan.ts'

it('A card on which the kernel hangs is told to need a reboot, and nothing is planned for it.', async () => {
  const facts = await paperFacts()
  const ready = { ...facts, kernel: { ...facts.kernel, vfioPciReady: true } }
  const well = situationOf(ready, DEFAULT_CHOICES)
  expect(bind.check(well).map(({ code }) => code)).not.toContain('bind-stuck')
  expect(bind.plan(well).changes).not.toEqual([])
  const devices = ready.devices.map((one) => ({ ...one, stuck: one.address === '0000:04:00.0' }))
  const hung = situationOf({ ...ready, devices }, DEFAULT_CHOICES)
  expect(bind.check(hung)).toContainEqual(
    expect.objectContaining({
      code: 'bind-stuck',
      status: 'fail',
      text: 'The kernel hangs on 04:00.0 since an earlier try, so nothing more is tried.',
    }),
  )
  expect(bind.plan(hung).changes).toEqual([])
})

it('A rule for each boot that names what is reserved behind other ports is written anew', async () => {
  const facts = await factsFrom(simulated(PAPER_WORKSTATION))
  const ready = { ...facts, kernel: { ...facts.kernel, vfioPciReady: true } }
  const now = situationOf(ready, DEFAULT_CHOICES)
  const path = now.initramfs?.earlyFile ?? ''
  const ruled = (text: string) =>
    situationOf({ ...ready, files: { ...ready.files, [path]: { text, sha256: '' } } }, DEFAULT_CHOICES)
  const codes = (text: string) => bind.verify(ruled(text)).map(({ code }) => code)
  const functions = earlyFunctions(now)
  expect(codes(earlyScript(functions))).not.toContain('bind-rule')
  expect(codes(earlyScript(functions.map((one) => ({ ...one, way: null }))))).not.toContain('bind-rule')
  expect(codes(earlyScript(functions.map((one) => ({ ...one, way: '0000:00:02.0/00.0' }))))).toContain('bind-rule')
})

it('A rule that only systemd would run is told before it is written to a host without systemd.', async () => {
  const facts = await paperFacts()
  const told = (changed: typeof facts) =>
    bind.check(situationOf(changed, DEFAULT_CHOICES)).find(({ code }) => code === 'bind-at-boot')
  expect(told(facts)).toMatchObject({ status: 'pass' })
  const without = { ...facts, network: { ...facts.network, systemd: false } }
  expect(told(without)).toMatchObject({ status: 'warn', fix: { step: 'cards' } })
  const initramfs: typeof facts.boot.initramfs = [{ id: 'initramfs-tools', evidence: '', dropIns: true, elsewhere: [] }]
  expect(told({ ...without, boot: { ...facts.boot, initramfs } })).toMatchObject({ status: 'pass' })
})

it('Lines of earlier guides are told where they are in the way, and not where harmless.', async () => {
  const line = 'options vfio-pci ids=10de:13f1'
  const files = {
    ...PAPER_WORKSTATION.files,
    '/etc/modprobe.d/vfio.conf': `${line}\nsoftdep nouveau pre: vfio-pci\n`,
  }
  const facts = await paperFacts({ files })
  const told = bind.check(situationOf(facts, DEFAULT_CHOICES)).filter(({ code }) => code === 'bind-leftover')
  expect(told).toMatchObject([{ status: 'warn', about: `/etc/modprobe.d/vfio.conf: ${line}` }])
})
