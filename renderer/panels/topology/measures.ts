import type { Item } from './tree.ts'

/** All measures are in units of the drawing, one CSS pixel each at a zoom of 100 %. */
export const ROW = 34
export const BOX_HEIGHT = 26
export const CHIP_WIDTH = 404
export const PORT_WIDTH = 176
/** The right end of every box, with the number of its IOMMU group. */
export const TAG_WIDTH = 40
export const NOTE_WIDTH = 300
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** One drawn item. `box` is the chip or the port; its note, if it has one, lies right of that within `noteX`. */
export interface Placed {
  id: string
  item: Item
  box: Box
  /** Where the note begins; null: there is none. */
  noteX: number | null
  parent: string | null
  /** 1 for what hangs on a root bus. Position and number among siblings, for screen readers. */
  level: number
  position: number
  siblings: number
}
