import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import type RFB from '@novnc/novnc'
import { useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import type { useKeyboard } from './use-keyboard.ts'

interface Props {
  rfb: RFB
  keyboard: ReturnType<typeof useKeyboard>
  /** Called with the path of a written screenshot. */
  onSaved: (path: string) => void
}

/** What can be done with an open screen. The first button is the visible way in and out for the keyboard. */
export function ConsoleTools({ rfb, keyboard, onSaved }: Props) {
  const [fits, setFits] = useState(true)
  const scale = () => {
    setScaled(rfb, !fits)
    setFits(!fits)
  }
  const keep = () => void saveScreenshot(rfb).then((path) => (path === null ? undefined : onSaved(path)))
  return (
    <Stack direction="row" spacing={1} sx={{ '& button': { whiteSpace: 'nowrap' } }}>
      <Button
        variant="outlined"
        onClick={keyboard.inGuest ? keyboard.release : keyboard.take}
        // The click would take the keyboard out of the guest before it is known whether it was there.
        onMouseDown={(event) => event.preventDefault()}
      >
        {keyboard.inGuest ? 'Give keyboard back' : 'Type in the guest'}
      </Button>
      <Button variant="outlined" color="inherit" onClick={() => rfb.sendCtrlAltDel()}>
        Ctrl-Alt-Del
      </Button>
      <Button variant="outlined" color="inherit" onClick={scale}>
        {fits ? 'Actual size' : 'Fit to window'}
      </Button>
      <Button variant="outlined" color="inherit" onClick={keep}>
        Screenshot…
      </Button>
    </Stack>
  )
}

async function saveScreenshot(rfb: RFB): Promise<string | null> {
  const picture = await new Promise<Blob | null>((done) => rfb.toBlob(done, 'image/png'))
  return picture === null ? null : call('console.savePicture', new Uint8Array(await picture.arrayBuffer()))
}

function setScaled(rfb: RFB, scaled: boolean): void {
  rfb.scaleViewport = scaled
}
