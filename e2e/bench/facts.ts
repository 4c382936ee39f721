import { execa } from 'execa'
import { findTool } from '#host/exec/tools.ts'
import type { Host } from '#host/host.ts'
import { RealHost } from '#host/real/real.ts'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { parseRecording } from '#host/recorded/recording.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { largeServer } from '../hosts/large-server.ts'
import { descriptionOf } from '../hosts/machine.ts'
import { type Line, median, ms, timed } from './lines.ts'

const ROUNDS = 15
const look = (host: Host) => factsFrom(host)

/** Full facts of this host beside one `lspci -nnvvk`, turn by turn. */
export async function againstLspci(): Promise<Line[]> {
  const lspci = await findTool('lspci')
  if (lspci === null) throw new Error('lspci is not installed (Debian: pciutils)')
  const known = new RealHost()
  const first: number[] = []
  const again: number[] = []
  const theirs: number[] = []
  await look(known)
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await timed(() => execa(lspci, ['-nnvvk'], { stderr: 'ignore' })))
    first.push(await timed(() => look(new RealHost())))
    again.push(await timed(() => look(known)))
  }
  const { devices } = await look(known)
  const beside = median(theirs)
  const line = (what: string, values: readonly number[]): Line => ({
    what: `${what}, ${devices.length} PCI functions here`,
    ours: ms(median(values)),
    theirs: `${ms(beside)} lspci -nnvvk`,
    ratio: median(values) / beside,
    target: 'ratio < 1',
    met: median(values) < beside,
  })
  return [line('first look at this host, QEMU asked too', first), line('each further look at this host', again)]
}

const SIZES = [60, 400, 2000] as const
/** A look may grow with the number of devices, not faster. */
const LINEAR = 1.3
const LIMIT_400_MS = 500

/** Facts of generated servers, from the recording of each, turn by turn. */
export async function bySize(): Promise<Line[]> {
  const hosts = SIZES.map((size) => {
    const recording = recordingOf(descriptionOf(largeServer(size)))
    // A recording as it comes from disk, so that nothing of the generator is shared.
    return { size, host: new RecordedHost(parseRecording(JSON.stringify(recording), 'generated')) }
  })
  const taken = new Map<number, number[]>(SIZES.map((size) => [size, []]))
  for (const { host } of hosts) await look(host)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { size, host } of hosts) taken.get(size)?.push(await timed(() => look(host)))
  }
  const at = (size: number) => median(taken.get(size) ?? [])
  return SIZES.map((size, index) => {
    const before = SIZES[index - 1]
    const growth = before === undefined ? null : at(size) / at(before) / (size / before)
    const fast = size === 400 ? at(size) < LIMIT_400_MS : true
    return {
      what: `facts of ${size} generated devices`,
      ours: `${ms(at(size))}, ${(at(size) / size).toFixed(3)} ms each`,
      theirs: before === undefined ? '' : `${(at(before) / before).toFixed(3)} ms each at ${before}`,
      ratio: growth,
      target: `${size === 400 ? '< 500 ms, ' : ''}linear (ratio <= ${LINEAR})`,
      met: growth === null ? null : fast && growth <= LINEAR,
    }
  })
}
