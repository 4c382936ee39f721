/** An entry of a journal whose change was begun and never finished; it lacks what was changed. */
export const NEVER_DONE = {
  tx: 'tx',
  index: 0,
  step: 'definition',
  at: '',
  boot: '',
  contents: null,
  after: null,
  reverted: null,
  failed: null,
  confirmed: null,
} as const
