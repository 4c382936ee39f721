import { expect, it } from 'vitest'
import { definitionText } from '#core/definition/definition.ts'
import { situationOf } from '#core/situation.ts'
import { emptyRecording } from '#host/recorded/recording.ts'
import { sha256 } from '#host/sha256.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { definitionIn, vmPaths } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { Hide } from './hide.ts'
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
