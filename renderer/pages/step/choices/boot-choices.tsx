import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Typography from '@mui/material/Typography'
import { chooseIfFits } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import type { FoundTool, LeftoverArg } from '#shared/ipc/snapshot.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { Tick } from './definition/options.tsx'

const TICKS = [
  {
    id: 'hostPassthrough',
    title: 'iommu=pt',
    text: 'Devices the host keeps bypass translation. Can help host I/O; not needed to hand over a card.',
  },
  {
    id: 'keepAwake',
    title: 'vfio-pci.disable_idle_d3=1',
    text: 'Idle cards stay awake. For a card that a start calls “stuck in D3”; it costs a little power.',
  },
  {
    id: 'ignoreMsrs',
    title: 'kvm.ignore_msrs=1',
    text: 'For a guest that crashes on registers which KVM does not know; Diagnose says when.',
  },
] as const

/** What is there, and what was chosen to go: that may be gone already, and can still be left in. */
function leftoversOf(found: readonly LeftoverArg[], chosen: readonly string[]): LeftoverArg[] {
  const gone = chosen.filter((token) => !found.some((one) => one.token === token))
  return [...found, ...gone.map((token) => ({ token, text: 'is taken out of what boots by default.' }))]
}

/** Step 3: which tools are in charge where the evidence fits several, and arguments by choice. */
export function BootChoices() {
  const { choices, bootTools } = useSnapshot('choices', 'bootTools')
  const set = (boot: Record<keyof Choices['boot'], unknown>) => void chooseIfFits({ ...choices, boot })
  const { boot } = choices
  return (
    <>
      <ToolChoice
        label="Boot loader"
        found={bootTools.loaders}
        chosen={boot.loader}
        choose={(loader) => set({ ...boot, loader })}
      />
      <ToolChoice
        label="Initramfs generator"
        found={bootTools.initramfs}
        chosen={boot.initramfs}
        choose={(initramfs) => set({ ...boot, initramfs })}
      />
      {TICKS.map(({ id, title, text }) => (
        <Tick key={id} title={title} text={text} checked={boot[id]} choose={(on) => set({ ...boot, [id]: on })} />
      ))}
      {leftoversOf(bootTools.leftovers, boot.remove).map(({ token, text }) => (
        <Tick
          key={token}
          title={`Take out ${token}`}
          text={`It ${text}`}
          checked={boot.remove.includes(token)}
          choose={(on) =>
            set({ ...boot, remove: on ? [...boot.remove, token] : boot.remove.filter((other) => other !== token) })
          }
        />
      ))}
    </>
  )
}

interface ToolChoiceProps {
  label: string
  found: readonly FoundTool[]
  chosen: string | null
  choose: (id: string) => void
}

/** Shown only where there is something to decide: one tool that was found decides by itself, unless another was chosen. */
function ToolChoice({ label, found, chosen, choose }: ToolChoiceProps) {
  const gone = chosen !== null && !found.some(({ id }) => id === chosen)
  if (found.length === 0 || (found.length < 2 && !gone)) return null
  return (
    <Box sx={{ mb: 1.5 }}>
      <Typography variant="subtitle2" component="h3">
        {label}
      </Typography>
      <RadioGroup aria-label={label} value={chosen ?? ''} onChange={(_event, id) => choose(id)}>
        {found.map(({ id, name, evidence }) => (
          <FormControlLabel
            key={id}
            value={id}
            control={<Radio size="small" />}
            label={
              <>
                <Typography variant="body2">{name}</Typography>
                <Typography variant="caption" color="text.secondary">
                  {evidence}
                </Typography>
              </>
            }
            sx={{ alignItems: 'flex-start', mb: 0.5, mr: 0 }}
            slotProps={{ typography: { component: 'div' } }}
          />
        ))}
      </RadioGroup>
    </Box>
  )
}
