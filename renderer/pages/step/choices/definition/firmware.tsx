import { chooseMachine } from './field.tsx'
import type { Part } from './fold.tsx'
import { DecisionTick, Tick } from './options.tsx'

/** What is in force of it, in words. */
export function firmwareState({ firmware, tpm }: Part['view']): string {
  return `${firmware.value}, TPM ${tpm.value}`
}

export function FirmwareTicks({ view, choices }: Part) {
  return (
    <>
      <Tick
        title="Secure Boot"
        text={view.firmware.reason}
        checked={view.firmware.value === 'UEFI with Secure Boot'}
        blocked={view.secureBootBlocked}
        choose={(secureBoot) => void chooseMachine(choices, { secureBoot })}
      />
      {view.bios.offered ? (
        <Tick
          title="SeaBIOS instead of UEFI"
          text={view.bios.text}
          checked={view.bios.value}
          blocked={view.bios.blocked}
          choose={(bios) => void chooseMachine(choices, { bios, secureBoot: null })}
        />
      ) : null}
      <DecisionTick
        title="TPM 2.0"
        decision={view.tpm}
        blocked={view.tpmBlocked}
        choose={(tpm) => void chooseMachine(choices, { tpm })}
      />
    </>
  )
}
