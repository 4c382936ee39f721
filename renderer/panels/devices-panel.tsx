import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { lspciBlocks } from '../../shared/lspci-blocks.ts'
import { type Device, classWords, shortAddress } from '../../shared/pci.ts'
import { Mono } from '../components/mono.tsx'
import { useSnapshot } from '../stores/studio-store.ts'
import { showEvidence } from '../stores/view-store.ts'
import { GROUP_COLOURS } from '../theme/palette.ts'
import { Panel } from './panel.tsx'

const HEADS = ['Address', 'Kind', 'Name', 'Ids', 'Driver', 'Group']

/** Every PCI function with its driver and IOMMU group; a row shows what lspci says of it. */
export function DevicesPanel() {
  const { devices, lspci } = useSnapshot()
  const [wanted, setWanted] = useState('')
  const shown = devices.filter((device) => matches(device, wanted))
  const search = (
    <TextField label="Search" value={wanted} onChange={(event) => setWanted(event.target.value)} sx={{ width: 220 }} />
  )
  return (
    <Panel title="Devices" about={`${devices.length} PCI functions as the kernel sees them now.`} tools={search}>
      <Table size="small" stickyHeader aria-label="PCI functions">
        <TableHead>
          <TableRow>
            {HEADS.map((head) => (
              <TableCell key={head}>{head}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map((device) => (
            <Row key={device.address} device={device} lspci={lspci} />
          ))}
        </TableBody>
      </Table>
      {shown.length === 0 ? (
        <Typography variant="body2" color="text.secondary" sx={{ py: 2 }}>
          No function matches “{wanted}”. Clear the search to see all {devices.length}.
        </Typography>
      ) : null}
    </Panel>
  )
}

function matches(device: Device, wanted: string): boolean {
  const text = [
    device.address,
    device.name,
    classWords(device.classId),
    `${device.vendorId}:${device.deviceId}`,
    device.driver,
  ].join(' ')
  return text.toLowerCase().includes(wanted.trim().toLowerCase())
}

function Row({ device, lspci }: { device: Device; lspci: string | null }) {
  const open = () =>
    showEvidence({
      title: `${shortAddress(device.address)} ${device.name ?? ''}`,
      evidence: [
        {
          source: `lspci -D -nnk, ${device.address}`,
          quote: lspci === null ? 'lspci is not installed' : lspciBlocks(lspci, [device.address]),
        },
      ],
    })
  return (
    <TableRow hover>
      <TableCell>
        <ButtonBase
          onClick={open}
          sx={{ borderRadius: 0.5, color: 'primary.main', '&:focus-visible': { outline: '2px solid currentColor' } }}
        >
          <Mono>{shortAddress(device.address)}</Mono>
        </ButtonBase>
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{classWords(device.classId)}</TableCell>
      <TableCell>{device.name ?? 'name not known'}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <Mono>
          {device.vendorId}:{device.deviceId}
        </Mono>
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap', fontWeight: device.driver === 'vfio-pci' ? 600 : 400 }}>
        {device.driver ?? 'none'}
      </TableCell>
      <TableCell>{device.iommuGroup === null ? 'none' : <GroupMark group={device.iommuGroup} />}</TableCell>
    </TableRow>
  )
}

function GroupMark({ group }: { group: number }) {
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
      <Box
        component="span"
        aria-hidden
        sx={{ width: 10, height: 10, borderRadius: 0.5, bgcolor: GROUP_COLOURS[group % GROUP_COLOURS.length] }}
      />
      {group}
    </Box>
  )
}
