import { call, useStudio } from '#renderer/state/studio-store.ts'
import type { Problem } from '#shared/base/problem.ts'
import type { Picture } from '#shared/ipc/picture.ts'

/** Larger than life for print, unless the picture is so tall that Chromium would not make the canvas. */
const SCALE = 2
const LONGEST_SIDE = 16_000
const MOST_PIXELS = 60_000_000

const TOO_LARGE: Problem = {
  code: 'unsupported',
  message: 'The picture is too large to be drawn as PNG.',
  detail: null,
  hint: 'Save it as SVG, or fold some of it up.',
}

/** Asks main to save the picture; null when the admin closed the dialog. */
export async function savePicture(svg: SVGSVGElement, kind: Picture['kind']): Promise<string | null> {
  const { width, height } = svg.viewBox.baseVal
  const text = standalone(svg, width, height)
  if (kind === 'svg') return call('hardware.saveTopology', { kind, text })
  const bytes = await pixels(text, width, height)
  if (bytes !== null) return call('hardware.saveTopology', { kind, bytes })
  useStudio.setState({ refusal: TOO_LARGE })
  return null
}

/** Returns the drawing without what makes it a part of the page: roles, focus, the ring around the focus. */
function standalone(svg: SVGSVGElement, width: number, height: number): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  copy.querySelectorAll('.ring').forEach((ring) => ring.remove())
  for (const element of [copy, ...copy.querySelectorAll('*')]) {
    const own = element.getAttributeNames().filter((name) => /^(aria-|data-|role$|tabindex$|class$)/u.test(name))
    own.forEach((name) => element.removeAttribute(name))
  }
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  return new XMLSerializer().serializeToString(copy)
}

/**
 * Draws the picture from the very text that is saved as SVG. A data URL is an image source the page's policy already
 * allows.
 */
async function pixels(text: string, width: number, height: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const scale = Math.min(SCALE, LONGEST_SIDE / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)))
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  return blob === null ? null : new Uint8Array(await blob.arrayBuffer())
}
