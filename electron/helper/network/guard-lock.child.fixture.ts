import { stdout } from 'node:process'
import { RealSystem } from '../real-system.ts'
import { takeLockForGuard } from './guard-lock.ts'

/** A guard that is in a hurry. Prints that it goes on. */
await takeLockForGuard(new RealSystem('/'), { waits: 300, ends: 6_000, dies: 2_000 })
stdout.write('goes on')
