import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import type { FoundTool } from '#shared/ipc/snapshot.ts'
import { type Choices, choices as choicesSchema } from '#shared/wizard/choices.ts'

/** Step 3: which tools are in charge where the evidence fits several, and the one optional argument. */
export function BootChoices() {
  const { choices, bootTools } = useSnapshot('choices', 'bootTools')
  const set = (boot: Record<keyof Choices['boot'], unknown>) => {
    const parsed = choicesSchema.safeParse({ ...choices, boot })
    if (parsed.success) void choose(parsed.data)
  }
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
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={boot.hostPassthrough}
            onChange={(_event, hostPassthrough) => set({ ...boot, hostPassthrough })}
          />
        }
        label={
          <Typography variant="body2">
            Also add iommu=pt: devices the host keeps bypass translation. Can help host I/O; not needed to hand over a
            card.
          </Typography>
        }
      />
    </>
  )
}

interface ToolChoiceProps {
  label: string
  found: readonly FoundTool[]
  chosen: string | null
  choose: (id: string) => void
}

/** Shown only where there is something to decide: one tool that was found decides by itself. */
function ToolChoice({ label, found, chosen, choose }: ToolChoiceProps) {
  if (found.length < 2) return null
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
