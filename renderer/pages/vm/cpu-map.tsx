import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useUsage } from '#renderer/state/usage-store.ts'
import { Section } from '#renderer/ui/section.tsx'
import { MONO } from '#renderer/ui/theme/theme.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { HostThread, VcpuUsage } from '#shared/vm/usage.ts'
import { coresOf, isPinned, pinningWords } from './pinning.ts'

/** The host's cores with their threads, and the virtual processors on them, as the kernel has it now. */
export function CpuMap() {
  const latest = useUsage(({ samples }) => samples.at(-1))
  if (latest === undefined) return null
  const { vcpus, hostThreads } = latest
  if (isUnknown(hostThreads))
    return (
      <Section title="Processors">
        <Typography variant="body2">The host’s cores are not known: {hostThreads.unknown}.</Typography>
      </Section>
    )
  const words = pinningWords(vcpus, hostThreads)
  const pinned = isPinned(vcpus, hostThreads)
  return (
    <Section title="Processors">
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {words}
      </Typography>
      <Box role="img" aria-label={words} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {coresOf(hostThreads).map((core) => (
          <Core key={core[0]?.core} threads={core} vcpus={vcpus} pinned={pinned} />
        ))}
      </Box>
    </Section>
  )
}

function Core({ threads, vcpus, pinned }: { threads: HostThread[]; vcpus: readonly VcpuUsage[]; pinned: boolean }) {
  return (
    <Box sx={{ display: 'flex', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden' }}>
      {threads.map(({ id }) => (
        <Thread
          key={id}
          id={id}
          here={vcpus.filter((vcpu) => (pinned ? vcpu.allowed.includes(id) : vcpu.lastOn === id))}
        />
      ))}
    </Box>
  )
}

function Thread({ id, here }: { id: number; here: readonly VcpuUsage[] }) {
  const taken = here.length > 0
  return (
    <Box
      sx={{
        width: 52,
        height: 44,
        p: 0.5,
        fontFamily: MONO,
        fontSize: 11,
        lineHeight: 1.5,
        textAlign: 'center',
        bgcolor: taken ? 'primary.main' : 'background.paper',
        color: taken ? 'primary.contrastText' : 'text.secondary',
        '& + &': { borderLeft: 1, borderColor: 'divider' },
      }}
    >
      <div>{id}</div>
      <Box sx={{ fontWeight: 600, whiteSpace: 'nowrap', overflow: 'hidden' }}>
        {here.map(({ index }) => `v${index}`).join(' ')}
      </Box>
    </Box>
  )
}
