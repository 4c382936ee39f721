import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { Choices } from '#shared/wizard/choices.ts'

/** What a part of step 8's page is drawn from. */
export interface Part {
  view: DefinitionView
  choices: Choices
}

/** A part of the page that opens on demand; closed, it says what is in force. */
export function Fold({ title, state, children }: { title: string; state: string; children: ReactNode }) {
  return (
    <Box
      component="details"
      sx={{ borderTop: 1, borderColor: 'divider', '& summary': { cursor: 'pointer', fontSize: 13, py: 1 } }}
    >
      <summary>
        <Box component="span" sx={{ fontWeight: 600 }}>
          {title}
        </Box>
        <Box component="span" sx={{ color: 'text.secondary' }}>{`: ${state}`}</Box>
      </summary>
      <Box sx={{ pl: 2, pt: 0.5 }}>{children}</Box>
    </Box>
  )
}
