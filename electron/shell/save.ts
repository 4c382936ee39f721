import { writeFile } from 'node:fs/promises'
import { dialog } from 'electron'
import { errnoOf } from '../host/file-reader.ts'
import { ProblemError } from '../../shared/problem.ts'

/** Lets the user choose where a text goes; null when the dialog was closed. */
export async function saveAs(name: string, text: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name })
  if (canceled || filePath === '') return null
  try {
    await writeFile(filePath, text)
  } catch (thrown) {
    throw new ProblemError('permission', `${filePath} cannot be written: ${errnoOf(thrown)}.`, {
      hint: 'Choose another place.',
      cause: thrown,
    })
  }
  return filePath
}
