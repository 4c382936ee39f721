import { type ComponentType, lazy } from 'react'
import { AboutPanel } from '../pages/about/about-panel.tsx'
import { HealthPanel } from '../pages/changes/health-panel.tsx'
import { JournalPanel } from '../pages/changes/journal-panel.tsx'
import { ConsolePanel } from '../pages/console/console-panel.tsx'
import { DiagnosePanel } from '../pages/help/diagnose-panel.tsx'
import { RecoveryPanel } from '../pages/help/recovery-panel.tsx'
import { ReportPanel } from '../pages/help/report-panel.tsx'
import { VmPanel } from '../pages/vm/vm-panel.tsx'
import type { PanelId } from '../state/view-store.ts'

/** Large parts are loaded when they are opened, so that the first page is there sooner. */
const DevicesPanel = lazy(async () => ({
  default: (await import('../pages/hardware/table/devices-panel.tsx')).DevicesPanel,
}))
const TopologyPanel = lazy(async () => ({
  default: (await import('../pages/hardware/map/topology-panel.tsx')).TopologyPanel,
}))
const DriversPanel = lazy(async () => ({
  default: (await import('../pages/hardware/drivers/drivers-panel.tsx')).DriversPanel,
}))

/** What can be watched, in the order of the rail. */
export const PANELS: readonly { id: PanelId; title: string; Panel: ComponentType }[] = [
  { id: 'devices', title: 'Devices', Panel: DevicesPanel },
  { id: 'topology', title: 'Topology', Panel: TopologyPanel },
  { id: 'drivers', title: 'Drivers', Panel: DriversPanel },
  { id: 'vm', title: 'VM', Panel: VmPanel },
  { id: 'console', title: 'Console', Panel: ConsolePanel },
  { id: 'health', title: 'Health', Panel: HealthPanel },
  { id: 'diagnose', title: 'Diagnose', Panel: DiagnosePanel },
  { id: 'report', title: 'Report', Panel: ReportPanel },
  { id: 'journal', title: 'Journal', Panel: JournalPanel },
  { id: 'recovery', title: 'Recovery', Panel: RecoveryPanel },
]

/** Opened from the header, not from the rail. */
export const ABOUT = { id: 'about' as const, title: 'About', Panel: AboutPanel }
