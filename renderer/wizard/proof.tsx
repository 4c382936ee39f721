import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import type { GuestFunction } from '../../shared/guest-report.ts'
import { type Device, classWords, shortAddress } from '../../shared/pci.ts'
import { Mono } from '../components/mono.tsx'
import { Section } from '../components/section.tsx'
import { useSnapshot } from '../stores/studio-store.ts'

/** The paper's last picture, today: what the guest itself says of the card. */
export function Proof() {
  const { proof, gpus } = useSnapshot()
  if (proof === null) return null
  const ours = gpus.flatMap((gpu) => gpu.functions)
  return (
    <Section title={proof.simulated ? 'What the guest reported (simulated)' : 'What the guest reported'}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        VM “{proof.vm}”, kernel {proof.kernel}, over its serial port, {new Date(proof.at).toLocaleString()}.
      </Typography>
      <Table size="small" aria-label="Functions the guest sees">
        <TableHead>
          <TableRow>
            {['In the guest', 'Ids', 'Class', 'On the host'].map((head) => (
              <TableCell key={head}>{head}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {proof.functions.map((seen) => (
            <Row key={seen.address} seen={seen} host={ours.find((device) => isSame(device, seen))} />
          ))}
        </TableBody>
      </Table>
    </Section>
  )
}

function isSame(device: Device, seen: GuestFunction): boolean {
  return device.vendorId === seen.vendorId && device.deviceId === seen.deviceId && device.classId === seen.classId
}

function Row({ seen, host }: { seen: GuestFunction; host: Device | undefined }) {
  const handed = host !== undefined
  return (
    <TableRow sx={{ '& td': { fontWeight: handed ? 600 : 400, color: handed ? undefined : 'text.secondary' } }}>
      <TableCell>
        <Mono>{seen.address}</Mono>
      </TableCell>
      <TableCell>
        <Mono>
          {seen.vendorId}:{seen.deviceId}
        </Mono>
      </TableCell>
      <TableCell>
        {classWords(seen.classId)} <Mono>{seen.classId}</Mono>
      </TableCell>
      <TableCell>{handed ? `${shortAddress(host.address)}, handed over` : 'part of the virtual machine'}</TableCell>
    </TableRow>
  )
}
