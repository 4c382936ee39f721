import { argv, stdout } from 'node:process'
import { FileReader } from '#host/file-reader.ts'
import type { Host } from '#host/host.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { gatherFacts } from './gather.ts'

/** Looks at the host below the directory given, without tools, and prints how many functions of it could be read. */
const reader = new FileReader(argv[2] ?? '')
const host: Host = {
  kind: 'recorded',
  read: (path) => reader.read(path),
  list: (path) => reader.list(path),
  link: (path) => reader.link(path),
  owner: (path) => reader.owner(path),
  run: () => Promise.resolve(null),
  has: () => Promise.resolve(false),
  stamp: () => Promise.resolve(null),
  flash: () => Promise.resolve(null),
  image: () => Promise.resolve(null),
  place: () => Promise.resolve({ unknown: 'not looked at' }),
  uid: () => 0,
  now: () => new Date(),
}
const { devices } = await gatherFacts(host, NO_PROOFS)
const whole = devices.filter(
  ({ vendorId, driver, rootBus }) => vendorId === '10de' && driver !== null && rootBus !== null,
)
stdout.write(JSON.stringify({ all: devices.length, whole: whole.length, last: devices.at(-1)?.address }))
