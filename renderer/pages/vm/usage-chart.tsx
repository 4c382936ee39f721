import Box from '@mui/material/Box'
import { useTheme } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import { LineChart } from '@mui/x-charts/LineChart'
import type { ReactNode } from 'react'
import { WINDOW_MS } from '#renderer/state/usage-series.ts'

const HEIGHT = 72
/** A line takes two points. */
const ENOUGH = 2

export interface Line {
  label: string
  data: (number | null)[]
}

interface Props {
  title: string
  /** The last value in words. */
  last: ReactNode
  times: number[]
  lines: Line[]
  /** Top of the scale; null: the highest value, and at least 1. */
  max: number | null
  format: (value: number) => string
}

/** One measure over the last five minutes: thin lines, the last value printed, the rest under the pointer. */
export function UsageChart({ title, last, times, lines, max, format }: Props) {
  const { vars } = useTheme()
  const colours = [vars?.palette.primary.main ?? '', vars?.palette.text.secondary ?? '']
  const end = times.at(-1) ?? 0
  const top = max ?? Math.max(1, ...lines.flatMap(({ data }) => data.map((value) => value ?? 0))) * 1.1
  return (
    <Box component="figure" aria-label={title} sx={{ m: 0, minWidth: 0 }}>
      <Box component="figcaption" sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
        <Typography variant="caption" color="text.secondary">
          {title}
        </Typography>
        <Typography variant="caption" sx={{ fontWeight: 600, whiteSpace: 'nowrap' }}>
          {last}
        </Typography>
      </Box>
      <Box sx={{ height: HEIGHT, borderBottom: 1, borderColor: 'divider' }}>
        {lines.every(({ data }) => data.filter((value) => value !== null).length < ENOUGH) ? (
          <Typography variant="body2" color="text.secondary">
            Measuring.
          </Typography>
        ) : (
          <LineChart
            height={HEIGHT}
            margin={{ top: 4, right: 2, bottom: 2, left: 2 }}
            hideLegend
            skipAnimation
            disableKeyboardNavigation
            colors={colours}
            xAxis={[
              {
                data: times,
                scaleType: 'time',
                min: end - WINDOW_MS,
                max: end,
                position: 'none',
                valueFormatter: (at: number) => new Date(at).toLocaleTimeString(),
              },
            ]}
            yAxis={[{ min: 0, max: top, position: 'none' }]}
            series={lines.map(({ label, data }) => ({
              ...{ label, data, showMark: false, curve: 'linear' as const },
              valueFormatter: (value: number | null) => (value === null ? 'not known' : format(value)),
            }))}
            sx={{ '& .MuiLineElement-root': { strokeWidth: 1.25 } }}
          />
        )}
      </Box>
    </Box>
  )
}
