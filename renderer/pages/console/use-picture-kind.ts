import { type RefObject, useEffect, useState } from 'react'
import { type PictureKind, pictureKind } from './picture-kind.ts'

const LOOK_EVERY_MS = 1000

/** Looks at the screen once a second; while a guest changes its mode a single look would mislead, so two have to agree. */
export function usePictureKind(target: RefObject<HTMLElement | null>, open: boolean): PictureKind {
  const [kind, setKind] = useState<PictureKind>('picture')
  useEffect(() => {
    if (!open) return
    const copy = document.createElement('canvas')
    // noVNC draws on the graphics card, from where reading is slow; this copy is made for being read.
    const pen = copy.getContext('2d', { willReadFrequently: true })
    let before: PictureKind = 'picture'
    const timer = setInterval(() => {
      const shown = target.current?.querySelector('canvas')
      if (pen === null || shown == null || shown.width === 0 || shown.height === 0) return
      Object.assign(copy, { width: shown.width, height: shown.height })
      pen.drawImage(shown, 0, 0)
      const now = pictureKind(pen.getImageData(0, 0, copy.width, copy.height))
      if (now === before || now === 'picture') setKind(now)
      before = now
    }, LOOK_EVERY_MS)
    return () => {
      clearInterval(timer)
      setKind('picture')
    }
  }, [target, open])
  return kind
}
