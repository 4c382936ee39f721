import { expect, it } from 'vitest'
import { paperStudio } from '#app/session/paper-studio.fixture.ts'
import { doctorText, plannedText, simulatedHint } from './print.ts'

it('the nine lines of doctor have their words in one column', async () => {
  const { studio } = await paperStudio()
  await studio.open()
  const { steps } = studio.current
  const lines = doctorText(steps).trimEnd().split('\n')
  expect(lines).toHaveLength(9)
  const columns = lines.map((line) => line.search(/(?<=^\d {2}\w+ +)(?:ok|needs work)/u))
  expect(new Set(columns)).toEqual(new Set([14]))
})

it('a step that cannot be planned says why, and not that there is nothing to change', async () => {
  const { studio } = await paperStudio()
  await studio.open()
  const { plan } = studio.viewOf('platform')
  const nothing = { ...plan, changes: [] }
  const verdict = { status: 'unknown', text: 'The text does not tell.' } as const
  expect(plannedText({ plan: nothing, verdict, hostText: null })).toBe(
    'Nothing is planned. Unknown: The text does not tell.\n',
  )
  expect(plannedText({ plan: nothing, verdict: { ...verdict, status: 'ok' }, hostText: null })).toBe(
    'Nothing to change.\n',
  )
})

it('what the distribution has of its own for a step comes after the plan', async () => {
  const { studio } = await paperStudio()
  await studio.open()
  const { plan, verdict } = studio.viewOf('platform')
  const hostText = { title: 'For NixOS', about: 'Save these lines.', text: '{ }\n' }
  expect(plannedText({ plan: { ...plan, changes: [] }, verdict, hostText })).toMatch(
    /^Nothing to change\.\n\nFor NixOS\nSave these lines\.\n\n\{ \}\n$/u,
  )
})

it('of the simulated workstation it is told that a command forgets what it did', async () => {
  const { studio } = await paperStudio()
  expect(simulatedHint(studio)).toMatch(/^Simulated: the next command begins with the workstation as it was\./u)
})
