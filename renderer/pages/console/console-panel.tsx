import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useRef, useState } from 'react'
import { useVmMeant } from '#renderer/controls/vm-switch.tsx'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import { colour } from '#renderer/ui/theme/theme.ts'
import { isActive } from '#shared/vm/vm.ts'
import { ConsoleInstead } from './console-instead.tsx'
import { ConsoleTools } from './console-tools.tsx'
import { aboutLine, cardWords, consolePlaceholder, darkWords } from './console-words.ts'
import { useKeyboard } from './use-keyboard.ts'
import { usePictureKind } from './use-picture-kind.ts'
import { useScreen } from './use-screen.ts'

/** The guest's screen, from QEMU's own display: for installing, and for whatever the card does not show. */
export function ConsolePanel() {
  const { selectionEpoch } = useSnapshot('selectionEpoch')
  return <Screen key={selectionEpoch} />
}

function Screen() {
  const meant = useVmMeant()
  const { vm, cards, definition } = useSnapshot('vm', 'cards', 'definition')
  const target = useRef<HTMLDivElement>(null)
  const [attempt, setAttempt] = useState(0)
  const [saved, setSaved] = useState<string | null>(null)
  const up = vm !== null && isActive(vm.state)
  const screen = useScreen(target, up, attempt)
  const rfb = screen.kind === 'open' && up ? screen.rfb : null
  const keyboard = useKeyboard(rfb)
  const dark = darkWords(usePictureKind(target, rfb !== null), vm, cardWords({ cards, definition }))
  const instead = consolePlaceholder(vm, screen)
  const tools = rfb === null ? null : <ConsoleTools rfb={rfb} keyboard={keyboard} onSaved={setSaved} />
  return (
    <Panel
      fill
      title={meant === null ? 'Console' : `Console · ${meant}`}
      about={aboutLine(rfb !== null, keyboard.inGuest, saved)}
      tools={tools}
    >
      <Box
        {...keyboard.frame}
        sx={{
          flex: 1,
          minHeight: 0,
          position: 'relative',
          bgcolor: colour.sunken,
          border: 1,
          borderColor: keyboard.inGuest ? 'primary.main' : 'divider',
          borderRadius: 1,
          overflow: 'hidden',
        }}
      >
        <Box
          ref={target}
          role="group"
          aria-label="Screen of the guest"
          sx={{ position: 'absolute', inset: 0, visibility: rfb === null ? 'hidden' : 'visible' }}
        />
        {instead === null ? null : <ConsoleInstead instead={instead} again={() => setAttempt(attempt + 1)} />}
        {dark === null ? null : <Dark text={dark} />}
      </Box>
    </Panel>
  )
}

function Dark({ text }: { text: string }) {
  return (
    <Box
      role="status"
      sx={{
        position: 'absolute',
        left: 0,
        right: 0,
        bottom: 0,
        px: 2,
        py: 1,
        bgcolor: 'background.paper',
        borderTop: 1,
        borderColor: 'divider',
      }}
    >
      <Typography variant="body2">{text}</Typography>
    </Box>
  )
}
