import { expect, test } from 'vitest'
import { reconciled } from './reconcile.ts'

test('parts that are as they were stay the same objects, changed ones are taken', () => {
  const former = { steps: [{ id: 'boot' }], vm: { state: 'off' }, notice: null }
  const next = reconciled(former, { steps: [{ id: 'boot' }], vm: { state: 'running' }, notice: null })
  expect(next.steps).toBe(former.steps)
  expect(next).toEqual({ ...former, vm: { state: 'running' } })
  expect(next.vm).not.toBe(former.vm)
})
