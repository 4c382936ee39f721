import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const line = z.strictObject({ what: z.string(), value: z.unknown() })
const verb = z.looseObject({
  exitCode: z.number(),
  stdout: z.string(),
  stderr: z.string(),
  seconds: z.number().default(0),
})
const state = z.strictObject({ drivers: z.array(z.string()), groups: z.number(), cmdline: z.string() })

/** What a scenario observed inside the guest, in order. */
export class Notes {
  private readonly lines: z.infer<typeof line>[]

  private constructor(lines: z.infer<typeof line>[]) {
    this.lines = lines
  }

  static async of(share: string): Promise<Notes> {
    const text = await readFile(join(share, 'notes.jsonl'), 'utf8')
    return new Notes(
      text
        .split('\n')
        .filter((row) => row !== '')
        .map((row) => line.parse(JSON.parse(row))),
    )
  }

  /** All that was noted under this name, in order. */
  every(what: string): unknown[] {
    return this.lines.filter((entry) => entry.what === what).map((entry) => entry.value)
  }

  /** The n-th time a verb was run, from 0. */
  verb(words: string, index = 0): z.infer<typeof verb> {
    return verb.parse(this.every(words)[index])
  }

  drivers(what: string): z.infer<typeof state> {
    return state.parse(this.every(what)[0])
  }

  /** Lines that differ between the untouched machine and this moment. */
  differences(what: string): string[] {
    return z.array(z.string()).parse(this.every(what)[0])
  }

  value(what: string): unknown {
    return this.every(what)[0]
  }
}
