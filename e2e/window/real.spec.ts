import { expect, test } from '@playwright/test'
import { openStudio } from './launch.ts'

test('the app says why this host cannot hand over a GPU, and offers the simulated one', async () => {
  const studio = await openStudio('real')
  await studio.waitForText('This host cannot hand over a GPU as it stands')
  await studio.rail.open('Platform')
  expect(await studio.verdict.word()).not.toBe('ok')
  await studio.press('Open the simulated workstation')
  await studio.waitForText('This is the paper’s workstation')
  await studio.press('Back to this computer')
  await studio.waitForText('This host cannot hand over a GPU as it stands')
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('the page can reach nothing but the calls of its contract', async () => {
  const studio = await openStudio('paper')
  const reach = await studio.page.evaluate(async () => {
    const fetched = await fetch('https://example.com').then(
      () => 'reached',
      () => 'refused',
    )
    const { studio: api } = window as unknown as {
      studio: {
        call(name: string, input: unknown): Promise<{ ok: boolean }>
        on(event: string, hear: () => void): void
      }
    }
    const asked: [string, unknown][] = [
      ['plan.apply', { planId: 7 }],
      ['helper.run', null],
      ['constructor', null],
      ['__proto__', null],
    ]
    const answers = await Promise.all(asked.map(([name, input]) => api.call(name, input)))
    const heard = ['constructor', 'studio:call'].map((event) => {
      try {
        api.on(event, () => undefined)
        return 'heard'
      } catch {
        return 'refused'
      }
    })
    return {
      heard,
      fetched,
      require: typeof (globalThis as Record<string, unknown>)['require'],
      process: typeof (globalThis as Record<string, unknown>)['process'],
      answers: answers.map(({ ok }) => ok),
    }
  })
  expect(reach).toEqual({
    fetched: 'refused',
    require: 'undefined',
    process: 'undefined',
    answers: [false, false, false, false],
    heard: ['refused', 'refused'],
  })
  await studio.close()
})
