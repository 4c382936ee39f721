/** What speaks against a place: a sentence, where that was seen, and what to do. */
export interface Against {
  text: string
  source: string
  quote: string
  advice: string
}
