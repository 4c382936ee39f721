import type RFB from '@novnc/novnc'
import { type KeyboardEvent, useRef, useState } from 'react'
import { ReleaseKeys } from './release-keys.ts'

/** Whether keys go to the guest, and the ways in and out. `frame` goes on the element around the picture. */
export function useKeyboard(rfb: RFB | null) {
  const [inGuest, setInGuest] = useState(false)
  const keys = useRef(new ReleaseKeys())
  const release = () => {
    keys.current.forget()
    rfb?.blur()
  }
  const saw = ({ nativeEvent }: KeyboardEvent) => {
    // The guest gets both key-ups first, or it would hold the keys down.
    if (keys.current.saw(nativeEvent)) setTimeout(release)
  }
  return {
    inGuest,
    take: () => rfb?.focus(),
    release,
    frame: {
      onFocus: () => setInGuest(true),
      onBlur: () => {
        keys.current.forget()
        setInGuest(false)
      },
      onKeyDownCapture: saw,
      onKeyUpCapture: saw,
    },
  }
}
