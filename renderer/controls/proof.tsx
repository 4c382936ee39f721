import Box from '@mui/material/Box'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { type GuestFunction, isFunction } from '#shared/facts/guest-report.ts'
import { classWords, type Device, shortAddress } from '#shared/facts/pci.ts'
import { useSnapshot } from '../state/use-snapshot.ts'
import { Mono } from '../ui/mono.tsx'
import { Section } from '../ui/section.tsx'

/** The paper's last picture, today: what the guest itself says of the card. */
export function Proof() {
  const { proof, cards } = useSnapshot('proof', 'cards')
  if (proof === null) return null
  const ours = cards.flatMap((gpu) => gpu.functions)
  return (
    <Section title={proof.simulated ? 'What the guest reported (simulated)' : 'What the guest reported'}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        VM “{proof.vm}”, kernel {proof.kernel}, {SOURCES[proof.source]}, {new Date(proof.at).toLocaleString()}.
      </Typography>
      <Table size="small" aria-label="Functions the guest sees">
        <TableHead>
          <TableRow>
            {['In the guest', 'Ids', 'Class', 'Driver in the guest', 'On the host'].map((head) => (
              <TableCell key={head}>{head}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {proof.functions.map((seen, index) => (
            <Row key={seen.address ?? index} seen={seen} host={ours.find((device) => isFunction(seen, device))} />
          ))}
        </TableBody>
      </Table>
    </Section>
  )
}

const SOURCES = { serial: 'over its serial port', agent: 'through its guest agent' } as const

function Row({ seen, host }: { seen: GuestFunction; host: Device | undefined }) {
  const handed = host !== undefined
  return (
    <TableRow sx={{ '& td': { fontWeight: handed ? 600 : 400, color: handed ? undefined : 'text.secondary' } }}>
      <TableCell>
        <Mono>{seen.address ?? 'not told'}</Mono>
      </TableCell>
      <TableCell>
        <Mono>
          {seen.vendorId}:{seen.deviceId}
        </Mono>
      </TableCell>
      <TableCell>
        {seen.classId === null ? (
          'not told'
        ) : (
          <>
            {classWords(seen.classId)} <Mono>{seen.classId}</Mono>
          </>
        )}
      </TableCell>
      <TableCell>
        {seen.driver === null ? 'none' : <Mono>{[seen.driver, seen.driverVersion].filter(Boolean).join(' ')}</Mono>}
        {seen.trouble === null ? null : (
          <Box component="span" sx={{ color: 'error.main', ml: 1 }}>
            {seen.trouble}
          </Box>
        )}
      </TableCell>
      <TableCell>{handed ? `${shortAddress(host.address)}, handed over` : 'part of the virtual machine'}</TableCell>
    </TableRow>
  )
}
