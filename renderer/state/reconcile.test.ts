import { expect, test } from 'vitest'
import { reconciled } from './reconcile.ts'

test('reconcile keeps unchanged parts as the same objects, and takes changed ones', () => {
  const former = { steps: [{ id: 'boot' }], vm: { state: 'off' }, notice: null }
  const next = reconciled(former, { steps: [{ id: 'boot' }], vm: { state: 'running' }, notice: null })
  expect(next.steps).toBe(former.steps)
  expect(next).toEqual({ ...former, vm: { state: 'running' } })
  expect(next.vm).not.toBe(former.vm)
})
