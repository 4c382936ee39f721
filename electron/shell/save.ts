import { dialog } from 'electron'
import { writeText } from '../app/write-text.ts'

/** Lets the user choose where a text goes; null when the dialog was closed. Throws `permission`. */
export async function saveAs(name: string, text: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name })
  if (canceled || filePath === '') return null
  await writeText(filePath, text)
  return filePath
}
