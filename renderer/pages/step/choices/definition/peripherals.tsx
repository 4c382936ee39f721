import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine, Group } from './field.tsx'
import { Tick } from './options.tsx'

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

/** What of the host's desk goes to the guest: keyboards and mice in turns, USB devices and controllers for good. */
export function PeripheralsChoices({ view, choices }: Part) {
  const { evdev, usb, extraDevices } = choices.definition
  const count = evdev.length + usb.length + extraDevices.length
  const nothing = view.input.length + view.usb.length + view.controllers.length === 0
  return (
    <Fold title="Keyboard, mouse and USB" state={count === 0 ? 'nothing of this host' : `${count} chosen`}>
      {view.peripheralsUnknown === null ? null : (
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
          Not all of it can be told: {view.peripheralsUnknown}.
        </Typography>
      )}
      {nothing ? (
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
          This host has no keyboard, mouse, USB device or controller that this QEMU could pass on.
        </Typography>
      ) : null}
      <Shared view={view} choices={choices} />
      <Usb view={view} choices={choices} />
      <Along view={view} choices={choices} />
    </Fold>
  )
}

/** Adds or takes one, the others stay. */
function toggled<T>(all: readonly T[], one: T, same: (other: T) => boolean, on: boolean): T[] {
  const others = all.filter((other) => !same(other))
  return on ? [...others, one] : others
}

function Shared({ view, choices }: Part) {
  const { evdev } = choices.definition
  if (view.input.length === 0) return null
  return (
    <Group title="Taken in turns by host and guest">
      <Typography variant="body2" color="text.secondary">
        The guest takes them when the VM starts. Both Ctrl keys at once give them back, and take them again.
      </Typography>
      {view.input.map(({ path, title, text }) => (
        <Tick
          key={path}
          title={title}
          text={text}
          checked={evdev.includes(path)}
          choose={(on) => void chooseMachine(choices, { evdev: toggled(evdev, path, (other) => other === path, on) })}
        />
      ))}
    </Group>
  )
}

function Usb({ view, choices }: Part) {
  const { usb } = choices.definition
  if (view.usb.length === 0) return null
  return (
    <Group title="USB devices, for the guest alone while it runs">
      {view.usb.map(({ device, title, text, blocked }) => (
        <Tick
          key={device.port}
          title={title}
          text={text}
          blocked={blocked === null ? null : `${text}. ${blocked}`}
          checked={usb.some(({ port }) => port === device.port)}
          choose={(on) =>
            void chooseMachine(choices, { usb: toggled(usb, device, ({ port }) => port === device.port, on) })
          }
        />
      ))}
    </Group>
  )
}

/** USB controllers and PCoIP host cards. */
function Along({ view, choices }: Part) {
  const { extraDevices } = choices.definition
  if (view.controllers.length === 0) return null
  return (
    <Group title="Controllers and PCoIP host cards, with all that is plugged into them">
      {view.controllers.map(({ address, title, blocked }) => (
        <Tick
          key={address}
          title={title}
          text="Everything plugged into it belongs to the guest."
          blocked={blocked}
          checked={extraDevices.includes(address)}
          choose={(on) =>
            void chooseMachine(choices, {
              extraDevices: toggled(extraDevices, address, (other) => other === address, on),
            })
          }
        />
      ))}
    </Group>
  )
}
