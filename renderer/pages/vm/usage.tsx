import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { lazy, Suspense } from 'react'
import { pointsOf, type UsagePoint } from '#renderer/state/usage-series.ts'
import { useUsage } from '#renderer/state/usage-store.ts'
import { Section } from '#renderer/ui/section.tsx'
import { isUnknown } from '#shared/base/unknown.ts'
import type { VmUsage } from '#shared/vm/usage.ts'

/** The chart library is a fifth of the window's code, and not needed before a VM runs. */
const UsageChart = lazy(() => import('./usage-chart.tsx').then((module) => ({ default: module.UsageChart })))

const percent = (value: number) => `${Math.round(value)} %`
const mebibytes = (value: number) => `${Math.round(value)} MiB`
const rate = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} MiB/s`
const printed = (value: number | null | undefined, format: (value: number) => string) =>
  value == null ? '–' : format(value)

/** What the running VM uses: processors, memory, disk and network over time. */
export function Usage() {
  const { samples, why } = useUsage()
  const latest = samples.at(-1)
  return (
    <Section title="Use in the last five minutes">
      <Suspense fallback={<Quiet text="Measuring." />}>
        {why === null && latest !== undefined ? (
          <Charts points={pointsOf(samples)} latest={latest} />
        ) : (
          <Quiet text={why ?? 'Measuring.'} />
        )}
      </Suspense>
    </Section>
  )
}

function Quiet({ text }: { text: string }) {
  return (
    <Typography variant="body2" color="text.secondary">
      {text}
    </Typography>
  )
}

function Charts({ points, latest }: { points: UsagePoint[]; latest: VmUsage }) {
  const times = points.map(({ at }) => at)
  const of = (field: Exclude<keyof UsagePoint, 'at'>) => points.map((point) => point[field])
  const last = points.at(-1)
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', columnGap: 3, rowGap: 2 }}>
      <UsageChart
        {...{ title: `${latest.vcpus.length} vCPUs`, times, max: 100, format: percent }}
        last={printed(last?.cpu, percent)}
        lines={[{ label: 'vCPUs', data: of('cpu') }]}
      />
      <UsageChart
        {...{ title: `Memory of ${latest.memoryMiB} MiB`, times, max: latest.memoryMiB, format: mebibytes }}
        last={printed(last?.memoryMiB, mebibytes)}
        lines={[{ label: 'On the host', data: of('memoryMiB') }]}
      />
      <UsageChart
        {...{ title: 'Disk', times, max: null, format: rate }}
        last={`read ${printed(last?.read, rate)}, written ${printed(last?.written, rate)}`}
        lines={[
          { label: 'Read', data: of('read') },
          { label: 'Written', data: of('written') },
        ]}
      />
      {latest.network === null || isUnknown(latest.network) ? (
        <Uncounted network={latest.network} />
      ) : (
        <UsageChart
          {...{ title: 'Network', times, max: null, format: rate }}
          last={`in ${printed(last?.received, rate)}, out ${printed(last?.sent, rate)}`}
          lines={[
            { label: 'In', data: of('received') },
            { label: 'Out', data: of('sent') },
          ]}
        />
      )}
    </Box>
  )
}

function Uncounted({ network }: { network: VmUsage['network'] }) {
  const why = isUnknown(network)
    ? `Not known: ${network.unknown}.`
    : 'Not counted: QEMU keeps no count of its private network. A bridge (step 7) is counted by the kernel.'
  return (
    <Box>
      <Typography variant="caption" color="text.secondary" component="p">
        Network
      </Typography>
      <Typography variant="body2" color="text.secondary" sx={{ mt: 0.5 }}>
        {why}
      </Typography>
    </Box>
  )
}
