import Button from '@mui/material/Button'
import type { Problem } from '#shared/base/problem.ts'
import type { PrivilegeView } from '#shared/ipc/helper-view.ts'
import { ForceOff } from '../controls/force-off.tsx'
import { WayOnButton } from '../controls/way-on.tsx'
import { call, useStudio } from '../state/studio-store.ts'
import { useSnapshot } from '../state/use-snapshot.ts'
import { openPage, showEvidence } from '../state/view-store.ts'
import { Banner } from '../ui/banner.tsx'
import { UnconfirmedBanner } from './unkept-banner.tsx'
import { WayBackBanners } from './way-back-banners.tsx'

/** What concerns the whole window: simulation, a machine that cannot do it, a due reboot, a failure, a result. */
export function Notices() {
  const { phase, hostKind, notice, offerSimulation, privilege, unkept } = useSnapshot(
    ...(['phase', 'hostKind', 'notice', 'offerSimulation', 'privilege', 'unkept'] as const),
  )
  const refusal = useStudio((store) => store.refusal)
  return (
    <>
      {hostKind === 'simulated' ? <SimulatedBanner /> : null}
      {offerSimulation ? <OfferBanner /> : null}
      {hostKind === 'real' && !privilege.canChange ? <ReadOnlyBanner privilege={privilege} /> : null}
      {unkept === null ? null : <UnconfirmedBanner until={unkept.until} />}
      <WayBackBanners />
      {phase.kind === 'needs-reboot' ? <RebootBanner after={phase.after} /> : null}
      {notice === null ? null : (
        <Banner status="ok" actions={<Dismiss />}>
          {notice}
        </Banner>
      )}
      {phase.kind === 'failed' ? (
        <ProblemBanner problem={phase.problem} onDismiss={() => void call('host.dismissProblem', null)} />
      ) : null}
      {refusal === null ? null : (
        <ProblemBanner problem={refusal} onDismiss={() => useStudio.setState({ refusal: null })} />
      )}
    </>
  )
}

function SimulatedBanner() {
  const leave = () => {
    openPage(null)
    void call('host.use', 'real')
  }
  return (
    <Banner status="needs-work" actions={<Button onClick={leave}>Back to this computer</Button>}>
      <b>Simulated.</b> This is the paper’s workstation, rebuilt from its description. Nothing you do here touches this
      computer.
    </Banner>
  )
}

/** Why nothing can be changed, and the button that ends it. */
function ReadOnlyBanner({ privilege: { text, wayOn } }: { privilege: PrivilegeView }) {
  return (
    <Banner status="needs-work" actions={<WayOnButton wayOn={wayOn} />}>
      {text}
    </Banner>
  )
}

function OfferBanner() {
  const practise = () => {
    openPage(null)
    void call('host.use', 'paper')
  }
  return (
    <Banner
      status="blocked"
      actions={
        <Button variant="outlined" onClick={practise}>
          Open the simulated workstation
        </Button>
      }
    >
      This host cannot hand over a GPU as it stands; the steps say why. You can click through all nine on a simulated
      one.
    </Banner>
  )
}

function RebootBanner({ after }: { after: 'apply' | 'undo' }) {
  const text =
    after === 'apply'
      ? 'Reboot to go on. Keep the recovery sheet first. The app opens again where you left off and proves the step.'
      : 'Everything is taken back on disk. The running kernel keeps its arguments until the next reboot.'
  return (
    <Banner
      status="after-reboot"
      actions={
        <>
          {after === 'apply' ? <Button onClick={() => openPage('recovery')}>Recovery sheet</Button> : null}
          <Button variant="outlined" onClick={() => void call('host.reboot', null)}>
            Reboot
          </Button>
        </>
      }
    >
      {text}
    </Banner>
  )
}

function Dismiss() {
  return <Button onClick={() => void call('host.dismissProblem', null)}>Close</Button>
}

/** A guest that did not shut down in time: asked again, or forced off. */
function StillThere() {
  const { name } = useSnapshot('choices').choices.definition
  return (
    <>
      <Button onClick={() => void call('vms.shutDown', name)}>Ask again</Button>
      <ForceOff name={name} />
    </>
  )
}

function ProblemBanner({ problem, onDismiss }: { problem: Problem; onDismiss: () => void }) {
  const { message, hint, detail, code } = problem
  const actions = (
    <>
      {detail === null ? null : (
        <Button
          onClick={() => showEvidence({ title: message, evidence: [{ source: `problem ${code}`, quote: detail }] })}
        >
          Details
        </Button>
      )}
      {code === 'guest-stays' ? <StillThere /> : null}
      <Button onClick={onDismiss}>Close</Button>
    </>
  )
  return (
    <Banner status="blocked" role="alert" actions={actions}>
      <b>{message}</b> {hint}
    </Banner>
  )
}
