import { expect, it } from 'vitest'
import { definitionText } from '#core/definition/definition.ts'
import { situationOf } from '#core/situation.ts'
import { emptyRecording, type Recording } from '#host/recorded/recording.ts'
import { sha256 } from '#host/sha256.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { placedHome } from '#shared/vm/options/disk-place.ts'
import { definitionIn, vmPaths } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { Hide } from './hide.ts'
import { redact } from './redact.ts'
import { ruleFor } from './rules/rules.ts'

it('vm.json stays one in a report, without what only this VM has', async () => {
  const facts = await paperFacts()
  const flashes = ['OVMF_CODE.secboot.fd', 'OVMF_VARS.secboot.fd'].map((name) => {
    return [`/usr/share/OVMF/${name}`, { bytes: 131_072, sha256: sha256(name) }] as const
  })
  const choices = choosing({ definition: { profile: 'windows-11' }, network: { mode: 'bridge' } })
  const vm = situationOf({ ...facts, flashes: Object.fromEntries(flashes) }, choices).definition ?? expect.fail()
  expect(vm.firmware?.made).toBeDefined()
  const recording = emptyRecording('host', 'about')
  const path = vmPaths(vm.name).definition
  const hide = new Hide(recording)
  const shown = hide.net(ruleFor(path)?.(definitionText(vm), { hide, recording, path }) ?? '')
  expect(definitionIn(shown)).toMatchObject({ addresses: vm.addresses, machine: vm.machine, functions: vm.functions })
  for (const own of [vm.uuid, vm.network.mac]) expect(shown).not.toContain(own ?? expect.fail())
})

it('vm.json and choices stay what they are where a disk lies at a place of the admin’s', async () => {
  const directory = '/data/marzipan.vms'
  const IMAGE = `${placedHome(directory, 'designer')}/disk.raw`
  const disk = { kind: 'new' as const, format: 'raw' as const, sizeGiB: 9, place: directory }
  const mount = { point: '/data/marzipan.vms', type: 'xfs', readOnly: false }
  const place = { ways: [], mount, freeBytes: 9, unmounted: directory, atBoot: true }
  const facts = { ...(await paperFacts()), places: { [directory]: place } }
  const choices = choosing({ definition: { profile: 'linux', disk } })
  const vm = situationOf(facts, choices).definition ?? expect.fail()
  const path = vmPaths(vm.name).definition
  const recording = {
    ...emptyRecording('host', 'about'),
    files: { [path]: definitionText(vm), [`${IMAGE}.json`]: '{"version":1,"fingerprint":"a"}' },
    places: facts.places,
    saved: { choices, proofs: facts.proofs },
  }
  const { recording: shown } = redact(recording)
  expect(JSON.stringify(shown)).not.toContain('marzipan')
  const { name, place: where } = toldIn(shown)
  expect(shown.saved?.choices.definition.disk).toMatchObject({ place: where.directory })
  expect(shown.places).toMatchObject({ [where.directory]: { mount: { point: where.mount } } })
  // That it was made is told; what its note says is not.
  expect(shown.files[`${placedHome(where.directory, name)}/disk.raw.json`]).toBe('')
})

/** The VM's name and the place of its disk by the vm.json of a report. */
function toldIn({ files }: Recording) {
  const found = Object.values(files).flatMap((text) => (typeof text === 'string' ? (definitionIn(text) ?? []) : []))
  const [vm = expect.fail()] = found
  return { name: vm.name, place: vm.disk?.kind === 'new' && vm.disk.place ? vm.disk.place : expect.fail() }
}
