import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { isLibvirtBridge, NEW_BRIDGE } from '#shared/facts/network.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { Forwards } from './forwards.tsx'

type Network = Choices['network']

const OLD = 'bridge:'

/** Step 7: a private network, a bridge that is there, or a new one over the wired card. */
export function NetworkChoices() {
  const { choices, bridges, unkept } = useSnapshot('choices', 'bridges', 'unkept')
  const { network } = choices
  const value = network.mode === 'bridge' ? `${OLD}${network.bridge ?? bridges[0] ?? ''}` : network.mode
  const set = (part: Partial<Network>) => void choose({ ...choices, network: { ...network, ...part } })
  const pick = (word: string) => {
    if (word.startsWith(OLD)) set({ mode: 'bridge', bridge: word.slice(OLD.length) })
    else set({ mode: word === 'new-bridge' ? 'new-bridge' : 'user', bridge: null })
  }
  const made = bridges.includes(NEW_BRIDGE)
  return (
    <>
      <RadioGroup aria-label="Network" value={value} onChange={(_event, word) => pick(word)}>
        <Option value="user" disabled={unkept !== null}>
          Private network with NAT, inside QEMU. No host change; nobody reaches the VM but by the ports below.
        </Option>
        {bridges
          .filter((name) => name !== NEW_BRIDGE)
          .map((name) => (
            <Option key={name} value={`${OLD}${name}`} disabled={unkept !== null}>
              {isLibvirtBridge(name)
                ? `The bridge ${name} of libvirt: a private network with NAT. This host reaches the VM, other machines do not.`
                : `The bridge ${name} of this host. The VM is a machine of its own on that network.`}
            </Option>
          ))}
        <Option value="new-bridge">
          {made ? `The bridge ${NEW_BRIDGE}` : `A new bridge, ${NEW_BRIDGE}, over the wired card of this host`}. The VM
          is a machine of its own on your network.
          {made ? '' : ' The host’s own network moves to it, and comes back unless you keep the new one.'}
        </Option>
      </RadioGroup>
      {network.mode === 'user' ? <Forwards choices={choices} /> : null}
    </>
  )
}

function Option({ value, disabled = false, children }: { value: string; disabled?: boolean; children: ReactNode }) {
  return (
    <FormControlLabel
      value={value}
      disabled={disabled}
      control={<Radio size="small" />}
      label={<Typography variant="body2">{children}</Typography>}
    />
  )
}
