import { describe, expect, it } from 'vitest'
import { varsFile } from '#core/definition/firmware/vars-file.ts'
import { offeredUpdate } from '#core/definition/hardware/update.ts'
import { situationOf } from '#core/situation.ts'
import { definition as step } from '#core/steps/definition/definition.ts'
import { gatherFlashes } from '#host/gather/flashes.ts'
import { RealHost } from '#host/real/real.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { defined, realQemu, workstation } from '../workstation.ts'
import { guestDevices } from './guest-devices.ts'

const OVMF = '/usr/share/OVMF'
const SMALL = { code: 1_966_080, vars: 131_072 }
const LARGE = { code: 3_653_632, vars: 540_672 }

const qemu = await realQemu()
const host = new RealHost()
/** Debian's package ovmf brings images of 2 and of 4 MiB. */
const both =
  (await host.stamp(`${OVMF}/OVMF_CODE.fd`)) !== null && (await host.stamp(`${OVMF}/OVMF_CODE_4M.fd`)) !== null

/** The workstation with the real firmware of this host, and whatever else a test wants of it. */
async function withFlashes(part: Partial<QemuFacts> = {}): Promise<Facts> {
  const facts = await workstation({ ...qemu, ...part })
  const flashes = await gatherFlashes(host, { qemu: facts.qemu, files: {} })
  const others = [`${OVMF}/OVMF_CODE.fd`, `${OVMF}/OVMF_VARS.fd`, `${OVMF}/OVMF_CODE_4M.fd`, `${OVMF}/OVMF_VARS_4M.fd`]
  for (const path of others) flashes[path] = await host.flash(path)
  return { ...facts, flashes }
}

const CHOSEN = { profile: 'linux', memoryMiB: 512, vcpus: 1 } as const

/** What step 8 says of it, and the VM it leads to, where that VM was written before. */
function judged(facts: Facts, written: VmDefinition | null, more: Partial<Choices['definition']> = {}) {
  const choices = choosing({ definition: { ...CHOSEN, ...more } })
  const known = written === null ? new Map<string, VmDefinition>() : new Map([[written.name, written]])
  const situation = situationOf(facts, choices, { written: known })
  const said = step.check(situation).find(({ code }) => code === 'definition-firmware')
  return { said, definition: situation.definition }
}

function offered(facts: Facts, written: VmDefinition) {
  const choices = choosing({ definition: CHOSEN })
  return offeredUpdate({
    facts,
    choices,
    qemu: isUnknown(facts.qemu) || facts.qemu === null ? qemu : facts.qemu,
    written,
  })
}

const plain = (code: string, varsTemplate: string, made?: VmFirmware['made']): VmFirmware => ({
  ...{ code: `${OVMF}/${code}`, codeFormat: 'raw', varsTemplate: `${OVMF}/${varsTemplate}`, varsFormat: 'raw' },
  ...{ secureBoot: false, smm: false },
  ...(made === undefined ? {} : { made }),
})

const store = varsFile('designer', plain('', ''))

describe.runIf(both)('UEFI of this host, code and variables', () => {
  it('are kept with their sizes and sums', async () => {
    const { definition, said } = judged(await withFlashes(), null)
    expect(said?.status).toBe('pass')
    expect(definition?.firmware).toMatchObject({
      code: `${OVMF}/OVMF_CODE_4M.fd`,
      made: { code: { bytes: LARGE.code }, vars: { bytes: LARGE.vars } },
    })
    expect(definition?.firmware?.made?.code.sha256).toMatch(/^[0-9a-f]{64}$/u)
  })

  it('of an image of 4 MiB and one of 2 MiB are refused, which QEMU itself starts without a word', async () => {
    const facts = await withFlashes()
    const mixed = plain('OVMF_CODE_4M.fd', 'OVMF_VARS.fd')
    const written = { ...defined(facts, CHOSEN), firmware: mixed }
    await expect(guestDevices(written, qemu)).resolves.toBeDefined()
    const { said } = judged(facts, written)
    expect(said).toMatchObject({ status: 'fail' })
    expect(said?.text).toBe(
      `${OVMF}/OVMF_CODE_4M.fd (3568 KiB) needs variables of 528 KiB, and ${OVMF}/OVMF_VARS.fd has 128 KiB: they are of different UEFI images.`,
    )
    const other = judged(facts, { ...written, firmware: plain('OVMF_CODE.fd', 'OVMF_VARS_4M.fd') }).said
    expect(other?.text).toContain('needs variables of 128 KiB')
  })

  it('of different images are refused too where a descriptor pairs them', async () => {
    const [one] = (await withFlashes()).qemu === null ? [] : qemu.firmware
    if (one === undefined) return expect.fail()
    const pair = { ...one, code: `${OVMF}/OVMF_CODE_4M.fd`, varsTemplate: `${OVMF}/OVMF_VARS.fd`, features: [] }
    const { said } = judged(await withFlashes({ firmware: [pair] }), null)
    expect(said?.text).toContain('needs variables of 528 KiB')
  })

  it('are refused where a package put another image in the place of the one the VM was made with', async () => {
    const facts = await withFlashes()
    const { definition } = judged(facts, null)
    if (definition?.firmware == null) return expect.fail()
    const small = facts.flashes[`${OVMF}/OVMF_CODE.fd`]
    const changed = { ...facts, flashes: { ...facts.flashes, [definition.firmware.code]: small ?? null } }
    expect(judged(changed, definition).said?.text).toContain('is another UEFI than this VM was made with: 1920 KiB')
    const gone = { ...facts, flashes: { ...facts.flashes, [definition.firmware.code]: null } }
    expect(judged(gone, definition).said?.text).toContain('is not there any more')
  })

  it('are refused where the variables the VM has are of another image', async () => {
    const facts = await withFlashes()
    const { definition } = judged(facts, null)
    const own = { ...facts, flashes: { ...facts.flashes, [store]: { bytes: SMALL.vars, sha256: null } } }
    expect(judged(own, definition).said?.text).toContain(`and ${store} has 128 KiB`)
  })

  it('of Secure Boot and without are not mixed', async () => {
    const facts = await withFlashes()
    const written = defined(facts, CHOSEN)
    const guarded = { ...plain('OVMF_CODE_4M.secboot.fd', 'OVMF_VARS_4M.fd') }
    expect(judged(facts, { ...written, firmware: guarded }).said?.text).toContain('is UEFI with guarded variables')
    const keys = plain('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.ms.fd')
    expect(judged(facts, { ...written, firmware: keys }).said?.text).toContain('OVMF_VARS_4M.ms.fd holds keys')
    const named = { ...plain('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd'), vars: 'vars-secure-528k.fd' }
    expect(judged(facts, { ...written, firmware: named }).said?.text).toContain('vars-secure-528k.fd holds keys')
  })
})

describe.runIf(both)('a VM with UEFI of 2 MiB, on a host that has moved on to 4 MiB', () => {
  it('keeps what it has, and gets what is newer with other variables once taken', async () => {
    const facts = await withFlashes()
    const written = {
      ...defined(facts, CHOSEN),
      firmware: plain('OVMF_CODE.fd', 'OVMF_VARS.fd'),
      machine: 'pc-q35-7.0',
    }
    const own = { ...facts, flashes: { ...facts.flashes, [store]: { bytes: SMALL.vars, sha256: null } } }
    const kept = judged(own, written).definition
    expect(kept).toMatchObject({ machine: 'pc-q35-7.0', firmware: { code: `${OVMF}/OVMF_CODE.fd` } })
    expect(kept?.firmware).toMatchObject({ made: { code: { bytes: SMALL.code }, vars: { bytes: SMALL.vars } } })
    const update = offered(own, written)
    expect(update?.changes.map((line) => line.replace(/ .*/u, ''))).toEqual(['Machine', 'UEFI:', 'The'])
    const taken = judged(own, written, { hardwareUpdate: update?.id ?? null })
    expect(taken.said?.status).toBe('pass')
    expect(taken.definition).toMatchObject({
      machine: qemu.q35,
      firmware: { code: `${OVMF}/OVMF_CODE_4M.fd`, vars: 'vars-528k.fd' },
      addresses: written.addresses,
      uuid: written.uuid,
    })
    // Taken once: what comes later is offered again, not taken by itself.
    expect(offered(own, taken.definition ?? written)).toBeNull()
    const later = { ...own, qemu: { ...qemu, q35: 'pc-q35-9.9', machines: [...qemu.machines, 'pc-q35-9.9'] } }
    const again = judged(later, taken.definition, { hardwareUpdate: update?.id ?? null })
    expect(again.definition?.machine).toBe(qemu.q35)
  })
})

describe.runIf(both)('Windows 11 where no firmware with keys is installed', () => {
  const eleven = { profile: 'windows-11', tpm: false, memoryMiB: 512, vcpus: 1 } as const
  const keyless = qemu.firmware.flatMap((one) => {
    if (!one.features.includes('secure-boot')) return []
    const features = one.features.filter((feature) => feature !== 'enrolled-keys')
    return [{ ...one, varsTemplate: `${OVMF}/OVMF_VARS_4M.fd`, features }]
  })

  it('gets UEFI that could check signatures, is told that it does not, and starts', async () => {
    const { definition, said } = judged(await withFlashes({ firmware: keyless }), null, eleven)
    expect(said).toMatchObject({ status: 'pass', text: expect.stringContaining('with Secure Boot off') as string })
    expect(definition?.firmware).toMatchObject({
      secureBoot: false,
      smm: true,
      varsTemplate: `${OVMF}/OVMF_VARS_4M.fd`,
    })
    if (definition === null) return expect.fail()
    await expect(guestDevices(definition, { ...qemu, firmware: keyless })).resolves.toBeDefined()
  })

  it('gets the keys into its own variables where virt-fw-vars is there, as a change of step 8', async () => {
    const bare = await withFlashes({ firmware: keyless })
    const facts = { ...bare, tools: { ...bare.tools, 'virt-fw-vars': true } }
    const { definition, said } = judged(facts, null, eleven)
    expect(said).toMatchObject({ status: 'pass', text: expect.stringContaining('Microsoft’s keys') as string })
    expect(definition?.firmware).toMatchObject({ secureBoot: true, enrolled: true, smm: true })
    const { changes } = step.plan(situationOf(facts, choosing({ definition: { ...CHOSEN, ...eleven } })))
    const change = { kind: 'copy-firmware-vars', enroll: true, template: `${OVMF}/OVMF_VARS_4M.fd` }
    expect(changes).toContainEqual(expect.objectContaining({ change: expect.objectContaining(change) as object }))
    expect(judged(bare, definition, eleven).definition?.firmware).toEqual(definition?.firmware)
  })

  it('keeps that when firmware with keys comes, and keys when the firmware that had them goes', async () => {
    const [without, withKeys] = [await withFlashes({ firmware: keyless }), await withFlashes()]
    const [off, on] = [judged(without, null, eleven).definition, judged(withKeys, null, eleven).definition]
    expect([off?.firmware?.secureBoot, on?.firmware?.secureBoot]).toEqual([false, true])
    expect(judged(withKeys, off, eleven).definition?.firmware).toEqual(off?.firmware)
    expect(judged(without, on, eleven).definition?.firmware).toEqual(on?.firmware)
  })
})
