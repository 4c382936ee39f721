import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { editionRows } from '#shared/vm/answers/editions.ts'
import { startingAnswers } from '#shared/vm/answers/starting.ts'
import type { SetupAnswers } from '#shared/vm/options/answers.ts'
import { chooseMachine, Group, TypedField } from '../field.tsx'
import { Fold, type Part } from '../fold.tsx'
import { OptionGroup, Tick } from '../options.tsx'
import { type AnswersProps, Installers, Pick, Places, ROW } from './answer-fields.tsx'

/** Windows installs itself: what its Setup is told instead of asking. Only where Windows is installed from a disc. */
export function AnswersChoice({ view, choices }: Part) {
  const { answers, name } = choices.definition
  const { offered, blocked, image } = view.answers
  if (!offered) return null
  const set = (given: SetupAnswers | null) => chooseMachine(choices, { answers: given })
  const state = answers === null ? 'off' : `${image}, account ${answers.account}`
  return (
    <Fold title="Windows installs itself" state={state}>
      <Tick
        title="Windows installs itself"
        text="A small disc of this VM’s own answers its Setup. The new disk is divided and formatted unasked."
        checked={answers !== null}
        blocked={blocked}
        choose={(on) => void set(on ? startingAnswers(name, sessionOf()) : null)}
      />
      {answers === null ? null : (
        <AnswerFields answers={answers} set={(part) => set({ ...answers, ...part })} image={image} />
      )}
    </Fold>
  )
}

function sessionOf(): { language: string; timeZone: string } {
  return { language: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
}

function AnswerFields({ answers, image, set }: AnswersProps & { image: string }) {
  return (
    <>
      <Box sx={ROW}>
        <Pick label="Edition" value={answers.edition} rows={editionRows()} pick={(edition) => set({ edition })} />
        <TypedField
          label="Image of another name"
          value={answers.image ?? ''}
          hint={`Empty: ${image}. Discs in other languages may call it otherwise.`}
          send={(text) => set({ image: text.trim() === '' ? null : text.trim() })}
        />
      </Box>
      <Places answers={answers} set={set} />
      <Box sx={ROW}>
        <TypedField
          label="Name of the computer"
          value={answers.computerName}
          send={(text) => set({ computerName: text.trim() })}
        />
        <TypedField
          label="Account"
          value={answers.account}
          hint="An administrator of the guest. Its password is asked for above the button below."
          send={(account) => set({ account })}
        />
      </Box>
      <Box sx={{ pt: 2 }}>
        <Group title="Installed at the first logon">
          <OptionGroup
            label="What is installed at the first logon"
            value={answers.software}
            options={SOFTWARE}
            choose={(software) => void set({ software })}
          />
        </Group>
      </Box>
      <Installers answers={answers} set={set} />
      <Typography variant="body2" color="text.secondary" sx={{ pb: 2, maxWidth: 720 }}>
        When the VM starts, press a key in its screen once: the installation disc asks for one. The rest goes by itself;
        leave the VM on until the desktop is there, for the disc is in its drive only until somebody has written to the
        disk and the VM was switched off. It holds the password, readable by the VM’s user alone: untick this, or empty
        the installation disc, once Windows runs, and step 8 removes it. No Windows was installed this way in our tests.
      </Typography>
    </>
  )
}

const SOFTWARE = [
  { id: 'agent', title: 'The guest agent', text: 'of the driver disc: the guest tells its addresses.', blocked: null },
  {
    id: 'tools',
    title: 'All guest tools',
    text: 'of the driver disc: agent, SPICE agent, every driver.',
    blocked: null,
  },
  { id: 'none', title: 'Nothing more', text: 'Nobody is logged on by itself then.', blocked: null },
] as const
