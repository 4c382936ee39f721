// Runs inside the fallback Electron 25 only: adds three Node functions that execa needs and Node 18.15 lacks.
const events = require('node:events')
const stream = require('node:stream')
const util = require('node:util')

stream.getDefaultHighWaterMark ??= (objectMode) => (objectMode ? 16 : 16 * 1024)

events.addAbortListener ??= (signal, listener) => {
  if (signal.aborted) queueMicrotask(listener)
  else signal.addEventListener('abort', listener, { once: true })
  return { [Symbol.dispose ?? Symbol.for('dispose')]: () => signal.removeEventListener('abort', listener) }
}

util.aborted ??= (signal) => {
  if (signal.aborted) return Promise.resolve()
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }))
}
