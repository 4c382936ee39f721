import { argv, stdout } from 'node:process'
import { problemOf } from '#shared/base/problem.ts'
import { writeWatched } from './watched.ts'

/** Writes to the path it is given, prints how that went, and has nothing left to do. */
await writeWatched(argv.at(-1) ?? '', 'x', 200).catch((thrown: unknown) => stdout.write(problemOf(thrown).code))
