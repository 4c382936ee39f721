import { expect, it } from 'vitest'
import { AppController } from '../controller.ts'
import { openSession } from '../session/session.ts'
import { Studio } from '../studio.ts'

/** Work that goes on until `end` is called. */
function heldUp(): { begun: Promise<void>; work: () => Promise<void>; end: () => void } {
  let begin: () => void = () => undefined
  let end: () => void = () => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const ended = new Promise<void>((resolve) => (end = resolve))
  const work = () => {
    begin()
    return ended
  }
  return { begun, work, end: () => end() }
}

const BUSY = { problem: { code: 'busy' } }

it('No VM begins while a reboot is asked for, and the reboot comes once', async () => {
  const session = await openSession('paper', 'unused')
  const studio = new Studio(session)
  await studio.open()
  const held = heldUp()
  session.helper.reboot = held.work
  const reboot = studio.reboot()
  await held.begun
  await expect(studio.startVm()).rejects.toMatchObject(BUSY)
  await expect(studio.reboot()).rejects.toMatchObject(BUSY)
  held.end()
  await reboot
  expect(studio.current.phase.kind).toBe('ready')
})

it('A reboot that is refused at the last moment is told, and nothing is left under way', async () => {
  const session = await openSession('paper', 'unused')
  const studio = new Studio(session)
  await studio.open()
  session.helper.reboot = () => Promise.reject(new Error('a VM is up'))
  await expect(studio.reboot()).rejects.toThrow('a VM is up')
  expect(studio.current.phase).toMatchObject({ kind: 'failed', problem: { message: 'a VM is up' } })
})

it('The window turns to no other host while an action is under way', async () => {
  const nobody = { saveAs: () => Promise.resolve(null), copy: () => Promise.resolve(), restart: () => undefined }
  const controller = new AppController('unused', nobody)
  const first = controller.open('paper')
  await expect(controller.open('paper')).rejects.toMatchObject(BUSY)
  await first
  const studio = controller.active
  const held = heldUp()
  studio.session.helper.apply = held.work
  const applying = controller.handlers['plan.apply']({
    planId: studio.viewOf('boot').plan.id,
    typed: null,
    password: null,
  })
  await held.begun
  await expect(controller.handlers['host.use']('paper')).rejects.toMatchObject(BUSY)
  expect(controller.active).toBe(studio)
  held.end()
  await applying
  await controller.handlers['host.use']('paper')
  expect(controller.active).not.toBe(studio)
})

it('A host that cannot be opened leaves the window with the one before', async () => {
  const nobody = { saveAs: () => Promise.resolve(null), copy: () => Promise.resolve(), restart: () => undefined }
  const controller = new AppController('unused', nobody)
  await controller.open('paper')
  const studio = controller.active
  await expect(controller.open('dir:/does-not-exist')).rejects.toMatchObject({
    problem: { code: 'not-found' },
  })
  expect(controller.active).toBe(studio)
  expect(controller.snapshot()?.phase.kind).toBe('ready')
})
