import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { OpenViewer } from '#renderer/controls/open-viewer.tsx'
import { Proof } from '#renderer/controls/proof.tsx'
import { useBar, VmButtons } from '#renderer/controls/vm-buttons.tsx'
import { VmSwitch } from '#renderer/controls/vm-switch.tsx'
import { useSnapshot, useWorking } from '#renderer/state/use-snapshot.ts'
import { openPage } from '#renderer/state/view-store.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { Panel } from '#renderer/ui/panel.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { VM_STATE_WORDS } from '#shared/vm/vm.ts'
import { holdsDevices, isActive, vmPaths, type VmState, type VmStatus } from '#shared/vm/vm.ts'
import type { VerdictStatus } from '#shared/wizard/finding.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'
import { CpuMap } from './cpu-map.tsx'
import { Discs } from './discs.tsx'
import { Messages } from './messages.tsx'
import { Snapshots } from './snapshots.tsx'
import { Uptime } from './uptime.tsx'
import { Usage } from './usage.tsx'
import { useSampling } from './use-sampling.ts'

/** Off is neither good nor bad, so it has no mark. */
const MARKS: Readonly<Record<VmState, VerdictStatus | null>> = {
  off: null,
  starting: 'after-reboot',
  running: 'ok',
  stopping: 'after-reboot',
  attention: 'blocked',
  unknown: 'unknown',
}

/** The selected VM: state, what can be done, where its files lie, what it last reported. */
export function VmPanel() {
  const { vm, selectionEpoch } = useSnapshot('vm', 'selectionEpoch')
  const working = useWorking()
  if (vm === null) {
    return (
      <Panel title="VM" about="There is no VM yet: it needs a card and a definition." tools={<VmSwitch />}>
        <Button variant="contained" onClick={() => openPage('definition')}>
          Go to step 8
        </Button>
      </Panel>
    )
  }
  return <Running key={selectionEpoch} vm={vm} working={working} />
}

function Running({ vm, working }: { vm: VmStatus; working: boolean }) {
  const mark = vm.resumable ? 'needs-work' : MARKS[vm.state]
  const up = isActive(vm.state)
  useSampling(up)
  return (
    <Panel title={`VM “${vm.name}”`} about="Closing this app never stops the VM." tools={<VmSwitch />}>
      <Box
        sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'flex-end', gap: 1.25, mb: 2 }}
      >
        {mark === null ? null : <StatusMark status={mark} size={18} />}
        <Typography variant="subtitle1" component="p" sx={{ flex: up ? '1 1 80%' : '1 1 320px' }}>
          <b>{VM_STATE_WORDS[vm.state]}</b> · {vm.error ?? vm.detail} {up ? <Uptime since={vm.since} /> : null}
        </Typography>
        {up ? (
          <Button variant="outlined" color="inherit" onClick={() => openPage('console')} sx={{ whiteSpace: 'nowrap' }}>
            Open console
          </Button>
        ) : null}
        <OpenViewer />
        <VmButtons working={working} />
      </Box>
      <Barred vm={vm} />
      {up ? <Usage /> : null}
      {up ? <CpuMap /> : null}
      {up ? <Discs name={vm.name} working={working} /> : null}
      <Messages />
      <Snapshots key={vm.name} state={vm.state} working={working} />
      <Section title="Files">
        <Files name={vm.name} />
      </Section>
      <Proof />
    </Panel>
  )
}

/** Why a VM that is off cannot be started now. */
function Barred({ vm }: { vm: VmStatus }) {
  const bar = useBar()
  if (bar === null || bar === undefined || holdsDevices(vm)) return null
  const leads = bar.fix?.step ?? 'launch'
  return (
    <Typography variant="body2" color="text.secondary" sx={{ mb: 2, display: 'flex', alignItems: 'center', gap: 1 }}>
      {`It cannot start yet: ${bar.text}`}
      <Button
        variant="text"
        onClick={() => openPage(leads)}
        sx={{ minHeight: 24, py: 0, px: 0.5, whiteSpace: 'nowrap' }}
      >
        {`Go to step ${stepNumber(leads)}`}
      </Button>
    </Typography>
  )
}

function Files({ name }: { name: string }) {
  const { choices } = useSnapshot('choices')
  const paths = vmPaths(name)
  const rows = [
    ['Definition', paths.definition],
    ['Start script', paths.script],
    ['Control socket (QMP)', paths.qmp],
    ...(choices.definition.profile === 'proof-guest' ? [['Serial log', paths.serialLog]] : []),
    ['QEMU’s messages', paths.log],
  ]
  return rows.map(([label, path]) => (
    <Typography key={label} variant="body2" sx={{ py: 0.25 }}>
      <Box component="span" sx={{ display: 'inline-block', width: 180, color: 'text.secondary' }}>
        {label}
      </Box>
      <Mono>{path}</Mono>
    </Typography>
  ))
}
