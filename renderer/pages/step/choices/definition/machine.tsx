import { chooseMachine, Field } from './field.tsx'
import type { Part } from './fold.tsx'
import { OptionGroup } from './options.tsx'

export function ProfileChoice({ view, choices }: Part) {
  return (
    <OptionGroup
      label="What the VM is for"
      value={choices.definition.profile}
      options={view.profiles}
      // What suited one system is decided anew for another.
      choose={(profile) => void chooseMachine(choices, { profile, secureBoot: null, tpm: null, screen: null })}
    />
  )
}

export function NameField({ choices }: Pick<Part, 'choices'>) {
  return <Field label="Name" value={choices.definition.name} hint="a-z, 0-9 and -" change={(name) => ({ name })} />
}
