import { argv, stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { problemOf } from '#shared/base/problem.ts'
import { RealSystem } from '../real-system.ts'
import { takeLock } from './lock.ts'

/** A process that takes the helper's lock when told `take`, lets go of it when told `release`, and says what became of it. */
async function serveLock(directory: string): Promise<void> {
  let release: (() => Promise<void>) | null = null
  for await (const word of createInterface(stdin)) {
    try {
      if (word === 'take') release = await takeLock(new RealSystem('/'), directory)
      else await release?.()
      stdout.write(`${word}: done\n`)
    } catch (thrown) {
      stdout.write(`${word}: ${problemOf(thrown).code}\n`)
    }
  }
}

await serveLock(argv[2] ?? '')
