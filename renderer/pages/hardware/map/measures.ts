import type { Item } from './tree.ts'

/** All measures are in units of the drawing, one CSS pixel each at a zoom of 100 %. */
export const ROW = 34
export const BOX_HEIGHT = 26
export const CHIP_WIDTH = 376
export const PORT_WIDTH = 178
/** The right end of every box, with the number of its IOMMU group. */
export const TAG_WIDTH = 36
/** Room for the words of a note, which then take a second line; the mark before them comes on top. */
export const NOTE_WORDS = 300
export const NOTE_MARK = 20
/** Average width of a character of a note, on the wide side. */
export const NOTE_CHARACTER = 6.7
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** One drawn item. `box` is the chip or the port; its note, if it has one, lies right of that. */
export interface Placed {
  id: string
  item: Item
  box: Box
  /** Where the note is; null: there is none. */
  note: { x: number; width: number } | null
  parent: string | null
  /** 1 for what hangs on a root bus. Position and number among siblings, for screen readers. */
  level: number
  position: number
  siblings: number
}
