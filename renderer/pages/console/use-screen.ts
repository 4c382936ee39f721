import type RFB from '@novnc/novnc'
import { type RefObject, useEffect, useState } from 'react'
import { ask } from '#renderer/state/studio-store.ts'
import type { WithoutScreen } from '#shared/vm/screen.ts'
import { ScreenChannel } from './screen-channel.ts'

/** The line to the guest's screen, as its words and buttons need it. */
export type ScreenState =
  | { kind: 'connecting' }
  | { kind: 'open'; rfb: RFB }
  | { kind: 'none'; why: WithoutScreen }
  | { kind: 'ended'; why: string }

const CONNECTING: ScreenState = { kind: 'connecting' }

/** Draws the guest's screen into an element for as long as `wanted`; another `attempt` starts over. */
export function useScreen(target: RefObject<HTMLElement | null>, wanted: boolean, attempt: number): ScreenState {
  const [state, setState] = useState<ScreenState>(CONNECTING)
  useEffect(() => {
    const element = target.current
    if (!wanted || element === null) return
    let leave: (() => void) | null = null
    let left = false
    const tell = (next: ScreenState) => (left ? undefined : setState(next))
    tell(CONNECTING)
    void connect(element, tell).then((made) => {
      leave = made
      if (left) made?.()
    })
    return () => {
      left = true
      leave?.()
    }
  }, [target, wanted, attempt])
  return state
}

/** Returns the way out; null where there is nothing to connect to, and the state says why. */
async function connect(element: HTMLElement, tell: (next: ScreenState) => void): Promise<(() => void) | null> {
  const [answer, { default: Viewer }] = await Promise.all([ask('console.open', null), import('@novnc/novnc')])
  if (!answer.ok) {
    tell({ kind: 'ended', why: [answer.problem.message, answer.problem.hint ?? ''].join(' ').trim() })
    return null
  }
  if (answer.value.kind === 'none') {
    tell(answer.value)
    return null
  }
  const { id, password } = answer.value
  const channel = new ScreenChannel(id)
  const rfb = new Viewer(element, channel, password === null ? {} : { credentials: { password } })
  const leave = follow(rfb, tell)
  void channel.follow()
  return leave
}

function follow(rfb: RFB, tell: (next: ScreenState) => void): () => void {
  rfb.background = 'transparent'
  rfb.scaleViewport = true
  let [refused, over] = ['', false]
  rfb.addEventListener('connect', () => tell({ kind: 'open', rfb }))
  rfb.addEventListener('securityfailure', ({ detail }) => {
    refused = `QEMU did not accept the password: ${detail.reason ?? `status ${detail.status}`}.`
  })
  rfb.addEventListener('disconnect', () => {
    over = true
    tell({ kind: 'ended', why: refused === '' ? 'QEMU closed the screen.' : refused })
  })
  return () => (over ? undefined : rfb.disconnect())
}
