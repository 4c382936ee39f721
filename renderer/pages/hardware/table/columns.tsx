import type { GridColDef, GridColumnVisibilityModel } from '@mui/x-data-grid'
import { Mono } from '#renderer/ui/mono.tsx'
import { size } from '#shared/base/size.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { DeviceRow } from '#shared/ipc/device-row.ts'
import { EmptyCell, GroupMark, LinkCell, NameCell, VerdictCell } from './cells.tsx'

type Column = GridColDef<DeviceRow>

type TextField =
  | 'kind'
  | 'name'
  | 'ids'
  | 'subsystem'
  | 'driver'
  | 'override'
  | 'nextBoot'
  | 'verdict'
  | 'rebar'
  | 'reset'
  | 'power'
  | 'numaNode'

function text(field: TextField, headerName: string, width: number, more: Partial<Column> = {}): Column {
  return { field, headerName, width, renderCell: ({ row }) => row[field] ?? <EmptyCell />, ...more }
}

function list(field: 'screens' | 'heldBy' | 'takes', headerName: string, width: number): Column {
  return {
    field,
    headerName,
    width,
    valueGetter: (_value, row) => row[field].map(shortAddress).join(', '),
    renderCell: ({ row }) => (row[field].length === 0 ? <EmptyCell /> : row[field].map(shortAddress).join(', ')),
  }
}

/** Every column of the Devices panel; which of them show at first is `FIRST_SHOWN`. */
export const COLUMNS: readonly Column[] = [
  {
    field: 'address',
    headerName: 'Address',
    width: 104,
    hideable: false,
    renderCell: ({ row }) => <Mono>{shortAddress(row.address)}</Mono>,
  },
  text('kind', 'Kind', 140),
  text('name', 'Name', 220, { flex: 1, minWidth: 160, renderCell: ({ row }) => <NameCell name={row.name} /> }),
  text('ids', 'Ids', 96, { renderCell: ({ row }) => <Mono>{row.ids}</Mono> }),
  text('subsystem', 'Subsystem', 96, { renderCell: ({ row }) => <Mono>{row.subsystem ?? 'none'}</Mono> }),
  text('driver', 'Driver now', 112),
  text('override', 'Override', 96),
  text('nextBoot', 'At next boot', 112, {
    renderCell: ({ row }) => <span title={row.nextBootWhy}>{row.nextBoot}</span>,
  }),
  {
    field: 'group',
    headerName: 'Group',
    width: 84,
    type: 'number',
    align: 'left',
    headerAlign: 'left',
    renderCell: ({ row }) => <GroupMark group={row.group} />,
  },
  text('verdict', 'Verdict', 300, { flex: 1.3, minWidth: 220, renderCell: ({ row }) => <VerdictCell row={row} /> }),
  list('takes', 'Takes along', 160),
  { field: 'bootVga', headerName: 'Boot display', width: 104, renderCell: ({ row }) => (row.bootVga ? 'yes' : 'no') },
  list('screens', 'Monitors on', 120),
  {
    field: 'link',
    headerName: 'Link',
    width: 200,
    valueGetter: (_value, row) => row.link?.text ?? '',
    renderCell: ({ row }) => <LinkCell link={row.link} />,
  },
  {
    field: 'memoryBytes',
    headerName: 'Memory',
    width: 92,
    renderCell: ({ row }) => (row.memoryBytes > 0 ? size(row.memoryBytes) : <EmptyCell />),
  },
  text('rebar', 'Resizable BAR', 130),
  text('reset', 'Reset', 130),
  text('numaNode', 'NUMA node', 96),
  text('power', 'Power', 80),
  list('heldBy', 'Held by', 180),
]

const FIRST = new Set(['address', 'kind', 'name', 'driver', 'group', 'verdict'])

export const FIRST_SHOWN: GridColumnVisibilityModel = Object.fromEntries(
  COLUMNS.map((column) => [column.field, FIRST.has(column.field)]),
)
