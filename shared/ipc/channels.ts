/** Channels between page and main. Apart from the schemas, so that the preload carries no validator. */
export const CALL_CHANNEL = 'studio:call'

/** The events main sends, each on a channel of its own. */
export const EVENT_CHANNELS = {
  snapshot: 'studio:snapshot',
  progress: 'studio:progress',
  page: 'studio:page',
} as const
