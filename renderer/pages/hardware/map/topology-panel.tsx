import { useColorScheme } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import { useMemo, useRef, useState } from 'react'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import { DARK, LIGHT } from '#renderer/ui/theme/palette.ts'
import type { Topology } from '#shared/ipc/topology.ts'
import { layoutOf } from './layout.ts'
import { savePicture } from './save.ts'
import { Tools } from './tools.tsx'
import { folded, foldsIn, treeOf } from './tree.ts'
import { Viewer } from './viewer.tsx'
import { useZoom } from './zoom.ts'

const NOTHING: ReadonlySet<string> = new Set()

/** What hangs on what: root complexes, ports and functions, with IOMMU groups behind them and the card picked out. */
export function TopologyPanel() {
  const topology = useTopology()
  const [open, setOpen] = useState(NOTHING)
  const { colorScheme } = useColorScheme()
  const svg = useRef<SVGSVGElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const whole = useMemo(() => (topology === null ? [] : treeOf(topology)), [topology])
  const shown = useMemo(() => folded(whole, open), [whole, open])
  const layout = useMemo(() => layoutOf(shown), [shown])
  const view = useZoom(scroller, layout)
  const tools = (
    <Tools
      view={view}
      onFold={open.size === 0 ? null : () => setOpen(NOTHING)}
      onUnfold={foldsIn(shown).length === 0 ? null : () => setOpen(new Set(foldsIn(folded(whole, NOTHING))))}
      onSave={(kind) => (svg.current === null ? Promise.resolve(null) : savePicture(svg.current, kind))}
    />
  )
  return (
    <Panel title="Topology" about={topology?.about ?? 'Looking at the devices.'} tools={tools} fill>
      {topology?.gaps.map((gap) => (
        <Typography key={gap} variant="body2" sx={{ mb: 1 }}>
          {gap}
        </Typography>
      ))}
      <Viewer
        layout={layout}
        scheme={colorScheme === 'dark' ? DARK : LIGHT}
        view={view}
        scroller={scroller}
        svg={svg}
        onUnfold={(id) => setOpen(new Set([...open, id]))}
      />
    </Panel>
  )
}

/** Follows the host and the choice of card; null until main has answered. */
function useTopology(): Topology | null {
  const { checkedAt, choices } = useSnapshot('checkedAt', 'choices')
  const chosen = JSON.stringify(choices.cards)
  return useCall('hardware.topology', `${checkedAt} ${chosen}`)
}
