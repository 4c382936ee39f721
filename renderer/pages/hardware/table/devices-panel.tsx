import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { DataGrid, type GridCellParams, type GridRowParams } from '@mui/x-data-grid'
import { useMemo, useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import type { DeviceRow } from '#shared/ipc/device-row.ts'
import { COLUMNS, FIRST_SHOWN } from './columns.tsx'
import { showDevice } from './detail.ts'
import { type Kind, KIND_WORDS, KINDS, matches } from './kinds.ts'

/** Dense, hairlines only, as every table here. */
const GRID_LOOK = {
  bgcolor: 'background.paper',
  fontSize: 13,
  '--DataGrid-t-color-border-base': 'var(--mui-palette-divider)',
  '& .MuiDataGrid-columnHeaderTitle': { fontSize: 12, fontWeight: 600 },
  '& .MuiDataGrid-row': { cursor: 'pointer' },
  '& :is(.MuiDataGrid-columnHeader, .MuiDataGrid-cell):focus-visible': {
    outline: '2px solid var(--mui-palette-primary-main)',
    outlineOffset: -2,
  },
} as const

/** Without it the grid keeps to pages of 100, and has no way to the next without its footer (MUI X: page size -1). */
const ALL_ROWS = { page: 0, pageSize: -1 }

const NONE: readonly DeviceRow[] = []

/** Every PCI function: driver, group, and what can become of it. A row opens all there is to know. */
export function DevicesPanel() {
  const { checkedAt } = useSnapshot('checkedAt')
  const rows = useCall('hardware.devices', checkedAt) ?? NONE
  const [wanted, setWanted] = useState('')
  const [kind, setKind] = useState<Kind>('all')
  const shown = useMemo(() => rows.filter((row) => matches(row, kind, wanted)), [rows, kind, wanted])
  const tools = (
    <Box sx={{ display: 'flex', gap: 1.5 }}>
      <TextField
        select
        label="Kind"
        value={kind}
        onChange={(event) => setKind(event.target.value as Kind)}
        sx={{ width: 180 }}
      >
        {KINDS.map((each) => (
          <MenuItem key={each} value={each}>
            {KIND_WORDS[each]}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label="Search"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        sx={{ width: 180 }}
      />
      <Button variant="outlined" color="inherit" disabled={shown.length === 0} onClick={() => void copy(shown)}>
        Copy as text
      </Button>
    </Box>
  )
  return (
    <Panel title="Devices" about={`${rows.length} PCI functions as the kernel sees them now.`} tools={tools} fill>
      <Grid rows={shown} total={rows.length} wanted={wanted} />
    </Panel>
  )
}

function Grid({ rows, total, wanted }: { rows: readonly DeviceRow[]; total: number; wanted: string }) {
  const empty =
    total === 0 ? 'Looking at the devices.' : `No function matches “${wanted}”. Clear the search to see all ${total}.`
  return (
    <Box sx={{ flex: 1, minHeight: 0 }}>
      <DataGrid
        aria-label="PCI functions"
        rows={rows}
        columns={COLUMNS}
        getRowId={(row) => row.address}
        nonce={styleNonce()}
        sx={GRID_LOOK}
        rowHeight={32}
        columnHeaderHeight={32}
        hideFooter
        disableRowSelectionOnClick
        initialState={{
          columns: { columnVisibilityModel: FIRST_SHOWN },
          sorting: { sortModel: [{ field: 'address', sort: 'asc' }] },
          pagination: { paginationModel: ALL_ROWS },
        }}
        localeText={{ noRowsLabel: empty }}
        onRowClick={({ row }: GridRowParams<DeviceRow>) => void showDevice(row)}
        onCellKeyDown={({ row }: GridCellParams<DeviceRow>, event) => {
          if (event.key === 'Enter') void showDevice(row)
        }}
      />
    </Box>
  )
}

/** Main puts a nonce for style elements into the page at each load. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
}

/** Returns the rows as a table of text, tabs between the columns. */
function copy(rows: readonly DeviceRow[]): Promise<unknown> {
  const lines = rows.map(({ address, kind, name, ids, driver, group, verdict }) =>
    [address, kind, name ?? '', ids, driver ?? '', group ?? '', verdict].join('\t'),
  )
  return call('app.copyText', ['Address\tKind\tName\tIds\tDriver\tIOMMU group\tVerdict', ...lines].join('\n'))
}
