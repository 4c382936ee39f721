import type { ChosenDisk } from '#shared/vm/options/disk.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { Field } from '../field.tsx'

export type NewDisk = Extract<ChosenDisk, { kind: 'new' }>

interface Props {
  image: NewDisk
  /** The part of the choice that this image stands for. */
  change: (image: NewDisk) => Partial<Choices['definition']>
  /** Begins the names of both fields; not there: it is the system disk. */
  named?: string
  wide?: boolean
}

/** Size of a new image, and the directory that it is made in. */
export function NewImageFields({ image, change, named, wide = false }: Props) {
  const [size, directory] =
    named === undefined ? ['Size (GiB)', 'Directory'] : [`${named}: size (GiB)`, `${named}: directory`]
  return (
    <>
      <Field
        label={size}
        value={String(image.sizeGiB)}
        hint="It grows up to this as the guest writes. It is made once and not resized here."
        change={(text) => change({ ...image, sizeGiB: Number(text) })}
        wide={wide}
      />
      <Field
        label={directory}
        value={image.place ?? ''}
        hint="Empty: with the VM’s own files. Another one has to be root’s alone, e.g. /srv/vms."
        change={(text) => change(placedIn(image, text))}
        wide={wide}
      />
    </>
  )
}

/** A slash at the end says nothing. */
function placedIn({ kind, format, sizeGiB }: NewDisk, text: string): NewDisk {
  const place = text.trim().replace(/(?<=.)\/+$/u, '')
  return place === '' ? { kind, format, sizeGiB } : { kind, format, sizeGiB, place }
}
