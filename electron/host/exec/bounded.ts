import { StringDecoder } from 'node:string_decoder'

/** More of one line than a person reads is left out. In characters. */
const LONGEST_LINE = 4_096

/** What is kept of a stream of bytes: its first `head` and its last `tail` bytes, however long it is. */
export class Kept {
  /** Bytes that came; grows with each piece. */
  bytes = 0
  private readonly head: number
  private readonly tail: number
  private readonly first: Buffer[] = []
  private last = Buffer.alloc(0)

  constructor(head: number, tail: number) {
    this.head = head
    this.tail = tail
  }

  add(piece: Buffer): void {
    const room = Math.max(0, this.head - this.bytes)
    if (room > 0) this.first.push(piece.subarray(0, room))
    const rest = piece.subarray(room)
    if (this.tail > 0 && rest.length > 0) this.last = Buffer.concat([this.last, rest]).subarray(-this.tail)
    this.bytes += piece.length
  }

  get isCut(): boolean {
    return this.bytes > this.head + this.tail
  }

  /** Everything where it fits, else the beginning and the end with a line between them that says so. */
  text(): string {
    const [head, tail] = [Buffer.concat(this.first).toString('utf8'), this.last.toString('utf8')]
    if (!this.isCut) return Buffer.concat([...this.first, this.last]).toString('utf8')
    return `${head}\n[${this.bytes - this.head - this.tail} bytes are left out here]\n${tail}`
  }
}

/** Cuts a stream of bytes into lines for `onLine`. Of a line that does not end, the rest is left out. */
export function byLine(onLine: (line: string) => void): { add: (piece: Buffer) => void; end: () => void } {
  const decoder = new StringDecoder('utf8')
  let line = ''
  const take = (text: string) => {
    if (line.length <= LONGEST_LINE) line += text.slice(0, LONGEST_LINE + 1)
  }
  const finish = () => {
    onLine(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line.replace(/\r$/u, ''))
    line = ''
  }
  return {
    add: (piece) => {
      const [begun = '', ...others] = decoder.write(piece).split('\n')
      take(begun)
      for (const next of others) {
        finish()
        take(next)
      }
    },
    end: () => {
      take(decoder.end())
      if (line !== '') finish()
    },
  }
}
