/** A value and why it is that one; shown beside the field. */
export interface Decided<T> {
  value: T
  reason: string
}
