import { MAX_LINE } from '#shared/plan/helper-protocol.ts'

/** The same items, up to the moment at which `stopped` settles: what comes after it is not taken any more. */
export async function* until<T>(items: AsyncIterable<T>, stopped: Promise<void>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  const over = stopped.then(() => null)
  for (;;) {
    const next = await Promise.race([over, iterator.next()])
    if (next === null || next.done === true) return
    yield next.value
  }
}

/**
 * Cuts a byte stream into lines. A line that grows beyond the limit is handed out cut short (and so will not
 * parse), and the rest of it dropped, so that a hostile peer cannot fill the memory.
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let dropping = false
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    let end = rest.indexOf('\n')
    while (end >= 0) {
      if (!dropping) yield rest.slice(0, end)
      dropping = false
      rest = rest.slice(end + 1)
      end = rest.indexOf('\n')
    }
    if (rest.length > MAX_LINE) {
      if (!dropping) yield rest
      dropping = true
      rest = ''
    }
  }
  if (rest !== '' && !dropping) yield rest
}
