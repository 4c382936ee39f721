import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { OpenViewer } from '#renderer/controls/open-viewer.tsx'
import { call, chooseIfFits } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { colour } from '#renderer/ui/theme/theme.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { DisplayView, GuestReach, Need, SeeingOption } from '#shared/wizard/display.ts'
import type { VerdictStatus } from '#shared/wizard/finding.ts'
import { Group } from './definition/field.tsx'
import { OptionGroup } from './definition/options.tsx'

type Launch = Choices['launch']

/** Sends a part of step 9's choice; the reason when it does not fit. */
function chooseLaunch(choices: Choices, part: Partial<Launch>): string | null {
  return chooseIfFits({ ...choices, launch: { ...choices.launch, ...part } })
}

/** Step 9: who sees the guest and who types into it, before it starts. */
export function LaunchChoices() {
  const { display, choices, definition } = useSnapshot('display', 'choices', 'definition')
  if (display === null)
    return (
      <Typography variant="body2" color="text.secondary">
        {choices.definition.profile === 'proof-guest'
          ? `The proof guest reports by itself. Nobody has to see it or type into it${definition?.screen.value === 'on' ? '; the console shows what it sees' : ''}.`
          : 'How the guest is seen can be chosen once step 8 has a VM.'}
      </Typography>
    )
  return (
    <>
      <Seen display={display} choices={choices} />
      <Typed typing={display.typing} />
    </>
  )
}

function Seen({ display, choices }: { display: DisplayView; choices: Choices }) {
  const chosen = display.options.find(({ id }) => id === display.decided?.id)
  return (
    <Group title="Who sees the guest">
      {choices.launch.see === null && display.decided !== null ? (
        <Typography variant="body2" color="text.secondary">
          Decided from this host: {display.decided.reason}
        </Typography>
      ) : null}
      <OptionGroup
        label="How the guest is seen"
        value={chosen?.id ?? ('' as SeeingOption['id'])}
        options={display.options.map((option) => ({ ...option, blocked: null }))}
        choose={(see) => void chooseLaunch(choices, { see })}
        detail={
          chosen === undefined ? null : <Chosen key={chosen.id} option={chosen} display={display} choices={choices} />
        }
      />
    </Group>
  )
}

/** Ways that a program of this host shows. */
const LOCAL: readonly SeeingOption['id'][] = ['looking-glass', 'spice']

function Chosen({ option, display, choices }: { option: SeeingOption; display: DisplayView; choices: Choices }) {
  return (
    <Box sx={{ ml: 3.5, pl: 1.5, mb: 1, borderLeft: 2, borderColor: 'divider' }}>
      <Box component="ul" aria-label={`What it needs: ${option.title}`} sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {option.needs.map((need) => (
          <NeedRow key={need.text} need={need} />
        ))}
      </Box>
      {option.id === 'monitor' && display.connectors.length > 0 ? (
        <Connector display={display} choices={choices} />
      ) : null}
      {LOCAL.includes(option.id) ? <OpenViewer /> : null}
      {option.port === null ? null : <Port port={option.port} choices={choices} />}
    </Box>
  )
}

const MARKS: Readonly<Record<Need['state'], { status: VerdictStatus; word: string }>> = {
  ok: { status: 'ok', word: 'ok' },
  missing: { status: 'blocked', word: 'missing' },
  unknown: { status: 'unknown', word: 'unknown' },
  yours: { status: 'unknown', word: 'your part' },
}

function NeedRow({ need }: { need: Need }) {
  const { status, word } = MARKS[need.state]
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: '16px 96px 1fr', gap: 1, py: 0.25 }}>
      <Box sx={{ display: 'flex', pt: '3px' }}>
        <StatusMark status={status} />
      </Box>
      <Typography variant="caption" sx={{ color: colour.state(status), fontWeight: 600, pt: '2px' }}>
        {word}
      </Typography>
      <Typography variant="body2">{need.text}</Typography>
    </Box>
  )
}

function Connector({ display, choices }: { display: DisplayView; choices: Choices }) {
  const { connectors, connectorsSeenAt } = display
  const options = connectors.map(({ name, connected }) => ({
    id: name,
    title: name,
    text: connected ? 'A monitor is on it.' : 'Nothing was on it.',
    blocked: null,
  }))
  const any = { id: '', title: 'Any', text: 'Whichever has a monitor.', blocked: null }
  return (
    <Box sx={{ mt: 1 }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        Connector
        {connectorsSeenAt === null ? '' : `, as the host last saw it (${new Date(connectorsSeenAt).toLocaleString()})`}
      </Typography>
      <OptionGroup
        label="Connector"
        value={choices.launch.connector ?? ''}
        options={[any, ...options]}
        choose={(name) => void chooseLaunch(choices, { connector: name === '' ? null : name })}
      />
    </Box>
  )
}

const REACH: Readonly<Record<GuestReach['state'], VerdictStatus>> = {
  answers: 'ok',
  refused: 'needs-work',
  silent: 'blocked',
  unknown: 'unknown',
}

/** Where the guest answers, and the question whether it does so now. */
function Port({ port, choices }: { port: number; choices: Choices }) {
  const { guestAddress } = choices.launch
  const [text, setText] = useState(guestAddress ?? '')
  const [error, setError] = useState<string | null>(null)
  const [reach, setReach] = useState<GuestReach | 'asking' | null>(null)
  const ask = async () => {
    setReach('asking')
    setReach(await call('vms.guestReach', null))
  }
  return (
    <Box sx={{ mt: 1.5 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
        <TextField
          label="Guest address"
          value={text}
          error={error !== null}
          helperText={
            error ?? 'Empty: asked of the guest’s agent, then looked for among this host’s neighbours and leases.'
          }
          onChange={(event) => setText(event.target.value)}
          onBlur={() => setError(chooseLaunch(choices, { guestAddress: text.trim() === '' ? null : text.trim() }))}
          sx={{ width: 320 }}
        />
        <Button variant="outlined" color="inherit" disabled={reach === 'asking'} onClick={() => void ask()}>
          {`Ask TCP port ${port}`}
        </Button>
      </Box>
      <Box role="status" sx={{ display: 'flex', gap: 1, mt: 0.5, minHeight: 22 }}>
        {reach === null ? null : reach === 'asking' ? (
          <Typography variant="body2" color="text.secondary">
            Asking…
          </Typography>
        ) : (
          <>
            <Box sx={{ display: 'flex', pt: '3px' }}>
              <StatusMark status={REACH[reach.state]} />
            </Box>
            <Typography variant="body2">{reach.text}</Typography>
          </>
        )}
      </Box>
    </Box>
  )
}

function Typed({ typing }: { typing: readonly string[] }) {
  return (
    <Group title="Who types into it">
      {typing.length === 0 ? (
        <Typography variant="body2">
          Nobody yet. Step 8 can give it a USB keyboard, or one that host and guest take in turns.
        </Typography>
      ) : (
        <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
          {typing.map((way) => (
            <Typography key={way} component="li" variant="body2">
              {way}
            </Typography>
          ))}
        </Box>
      )}
    </Group>
  )
}
